// Worker: the process in which mutants are compiled, as mutant-campaign.ts asks.

import { serve } from "../support/lanes.ts";
import { tryMutants, type MutantAnswer, type MutantOrder } from "./mutants.ts";

serve<MutantOrder, MutantAnswer>(tryMutants);
