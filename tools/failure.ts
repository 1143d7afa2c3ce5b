// Failure: what goes wrong for a reason that the person at the keyboard can act on. The front door prints its one
// sentence and nothing else; any other error is a fault of the tools and keeps its stack trace.

export class Failure extends Error {}
