/** A person gave no answer to a question: Ctrl-C, Ctrl-D, or the end of the terminal. Nothing has changed yet. */
export class NoAnswer extends Error {}
