// Features: the table of those that a random program may have. A program has a few of them, so that it stays short.

import type { Feature } from "./feature.ts";
import { byteViews, indexLoops, layouts, spans, typedViews } from "./features/arrays.ts";
import { capturedFunctions } from "./features/captured.ts";
import { enumeration, literalUnions, results, resultsOfReferences, texts } from "./features/choices.ts";
import { learned, stroll } from "./features/flow.ts";
import {
  defaults,
  functionValues,
  genericClass,
  genericFunction,
  sequences,
  templates,
} from "./features/functions.ts";
import { genericInterfaces, genericMethods } from "./features/generics.ts";
import { constructed, fallbacks, optionalInterface } from "./features/objects.ts";
import { patterns } from "./features/patterns.ts";
import { writtenFunctions } from "./features/written.ts";
import { apart, chains, localStructs, lostReference, records } from "./features/structs.ts";
import { classUnions } from "./features/unions.ts";

export const FEATURES: readonly Feature[] = [
  enumeration,
  literalUnions,
  texts,
  results,
  resultsOfReferences,
  genericFunction,
  genericClass,
  genericMethods,
  genericInterfaces,
  functionValues,
  writtenFunctions,
  capturedFunctions,
  defaults,
  sequences,
  learned,
  templates,
  spans,
  typedViews,
  indexLoops,
  layouts,
  localStructs,
  apart,
  patterns,
  constructed,
  fallbacks,
  optionalInterface,
  chains,
  lostReference,
  byteViews,
  records,
  stroll,
  classUnions,
];
