// fastmcp, stateless, with JSON answers. It speaks 2025-11-25 at most.
import { FastMCP } from 'fastmcp';
import { add, input, output, toolResult, tools } from './tools.js';

const server = new FastMCP({ name: 'bench', version: '1.0.0', logger: silent() });
for (const { name, title, description } of tools)
  server.addTool({
    name,
    description,
    annotations: { title },
    parameters: input,
    outputSchema: output,
    execute: async (args) => toolResult(add(args)),
  });
await server.start({
  transportType: 'httpStream',
  httpStream: {
    host: '127.0.0.1',
    port: Number(process.env.PORT),
    stateless: true,
    enableJsonResponse: true,
  },
});

/** It would write several lines for each request. */
function silent() {
  return { debug() {}, error: console.error, info() {}, log() {}, warn() {} };
}
