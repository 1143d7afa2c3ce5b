/**
 * Shell: from bytes typed to commands run, a step at a time (specification, section 6).
 *
 * The event loop calls `step` whenever it comes round. One line is in the making at a time: a command line behind the prompt `rayos> ` (`rayos recovery> ` in recovery mode),
 * or the answer to a question of the dialogue that a command left. While a dialogue works nothing is read, so that what is typed
 * ahead waits in the console.
 *
 * Invariants: `step` takes at most `BYTES_PER_STEP` bytes and one piece of a dialogue's work; a line that was too long or held noise
 * runs nothing.
 */
import { Console } from "../device/console.ts";
import { COMMANDS, findCommand, refuseUnknown, wordCount, writeUsage } from "./command-table.ts";
import { Completion } from "./completion.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { LINE_LIMIT } from "./line-buffer.ts";
import { EditorEvent, LineEditor } from "./line-editor.ts";
import { Session } from "./session.ts";

export const PROMPT: string = "rayos> ";
/** In recovery mode, so that nobody takes it for the system as it is. */
export const RECOVERY_PROMPT: string = "rayos recovery> ";
const BYTES_PER_STEP = 256;

const enum ShellState {
  /** Not begun, or a dialogue has just ended: the next step shows the prompt, so that what other tasks say of the end stands before it. */
  idle = 0,
  command = 1,
  /** A dialogue works. */
  working = 2,
  /** A dialogue waits for its answer. */
  asking = 3,
}

export class Shell {
  private state: ShellState = ShellState.idle;
  private words: string = PROMPT;
  private readonly completion = new Completion();

  constructor(
    private readonly console: Console,
    private readonly editor: LineEditor,
    private readonly session: Session,
  ) {}

  /** This boot is one of recovery mode: the prompt says so. Before `begin`. */
  enterRecovery(): void {
    this.words = RECOVERY_PROMPT;
  }

  /** Shows the first prompt. */
  begin(): void {
    this.prompt();
    this.session.out.flush();
  }

  /** Whether a dialogue is at work, for example an installation: the watchdog's time-out is lengthened then. */
  isWorking(): boolean {
    return this.state === ShellState.working;
  }

  /** Goes on; true where there is more to do at once, false where the next byte has to be typed first. */
  step(): boolean {
    if (this.state === ShellState.idle) this.begin();
    const more = this.state === ShellState.working ? this.work() : this.read();
    this.session.out.flush();
    return more;
  }

  /** Takes what was typed, up to the end of a line. */
  private read(): boolean {
    for (let i: u32 = 0; i < BYTES_PER_STEP; i++) {
      const typed = this.console.poll();
      if (typed < 0) return false;
      const event = this.editor.take(u8(typed));
      if (event === EditorEvent.none) continue;
      this.react(event);
      return true;
    }
    return true;
  }

  private react(event: EditorEvent): void {
    if (event === EditorEvent.complete) {
      if (this.state === ShellState.command) this.complete();
      return;
    }
    if (this.state === ShellState.asking) this.answer(event);
    else this.finishLine(event);
  }

  /** A command line is complete, given up or refused. */
  private finishLine(event: EditorEvent): void {
    if (event === EditorEvent.accepted) this.run();
    else this.complain(event);
    if (this.session.dialogue === null) this.prompt();
    else this.state = ShellState.working;
  }

  /** A line that cannot be right says no to a question as clearly as a wrong word. */
  private answer(event: EditorEvent): void {
    const dialogue = this.session.dialogue;
    assert(dialogue !== null);
    this.complain(event);
    if (event === EditorEvent.accepted) dialogue.answer(this.editor.line());
    else dialogue.cancel();
    this.state = ShellState.working;
  }

  private complain(event: EditorEvent): void {
    const out = this.session.out;
    if (event === EditorEvent.tooLong) {
      const length = LINE_LIMIT + this.editor.lostCharacters();
      out.text(`shell: the line has ${length} characters, more than ${LINE_LIMIT}; nothing was run\n`);
    } else if (event === EditorEvent.noise) {
      out.text(`shell: the line held ${this.editor.noiseBytes()} bytes that are no text; nothing was run\n`);
    }
  }

  private run(): void {
    const session = this.session;
    const words = session.arguments;
    if (!words.parse(this.editor.line())) {
      session.out.text("shell: too many words; nothing was run\n");
      return;
    }
    if (words.count() === 0) return;
    const command = findCommand(words);
    if (command === null) {
      refuseUnknown(session);
      return;
    }
    if (words.has("--help")) {
      writeUsage(session, command);
      return;
    }
    words.skip(wordCount(command.name));
    session.enter(command.name, command.usage);
    command.run(session);
  }

  /** One piece of work of the dialogue. */
  private work(): boolean {
    const dialogue = this.session.dialogue;
    assert(dialogue !== null);
    switch (dialogue.step(this.session.out)) {
      case DialogueState.working:
        break;
      case DialogueState.asking:
        this.ask(dialogue);
        break;
      case DialogueState.done:
        this.session.dialogue = null;
        this.state = ShellState.idle;
        break;
    }
    return true;
  }

  private ask(dialogue: Dialogue): void {
    this.state = ShellState.asking;
    this.editor.begin(dialogue.question(), false);
  }

  private prompt(): void {
    this.state = ShellState.command;
    this.editor.begin(this.words, true);
  }

  private complete(): void {
    const editor = this.editor;
    this.completion.complete(this.session, COMMANDS, editor.line().slice(0, editor.cursor()));
    const count = this.completion.count();
    if (count === 0) return;
    editor.insert(this.completion.rest());
    if (count === 1) editor.insert(utf8(" "));
    else if (this.completion.rest().length === 0) this.listCandidates();
  }

  private listCandidates(): void {
    const out = this.session.out;
    out.text("\n");
    for (let i: u32 = 0; i < this.completion.listedCount(); i++) {
      out.bytes(this.completion.candidate(i));
      out.text("  ");
    }
    out.text("\n");
    this.editor.redraw();
  }
}
