/** A command of a page and the output that the page shows for it. */
export interface ConsoleStep {
  readonly command: string;
  readonly output: string;
}

/** The commands of all `console` blocks of a Markdown page, in order. */
export function consoleSteps(markdown: string): ConsoleStep[] {
  const blocks = [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...output] = part.split('\n');
        return { command, output: output.join('\n').trim() };
      }),
  );
}
