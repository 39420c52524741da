/** The service cannot start with these plugins. The message lists every problem. */
export class PluginError extends Error {
  override readonly name = 'PluginError';

  constructor(readonly problems: readonly string[]) {
    super(
      [
        'The plugins that MCP_PLUGINS names cannot be used:',
        ...problems.map((problem) => `  ${problem}.`),
      ].join('\n\n'),
    );
  }
}
