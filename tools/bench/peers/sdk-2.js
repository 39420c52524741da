// The official SDK 2: createMcpHandler on node:http, as its README shows it; no token, no checks of Host or Origin.
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createServer } from 'node:http';
import { add, input, output, toolResult, tools } from './tools.js';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, title, description } of tools)
    server.registerTool(
      name,
      { title, description, inputSchema: input, outputSchema: output },
      async (args) => toolResult(add(args)),
    );
  return server;
});

createServer(toNodeHandler(handler)).listen(Number(process.env.PORT), '127.0.0.1');
