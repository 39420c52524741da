// The official SDK 1, stateless, with JSON answers: a server and a transport per request, as its examples do it, on
// plain node:http (its examples use Express, which costs more).
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createServer } from 'node:http';
import { add, input, output, toolResult, tools } from './tools.js';

function newServer() {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, title, description } of tools)
    server.registerTool(
      name,
      { title, description, inputSchema: input, outputSchema: output },
      async (args) => toolResult(add(args)),
    );
  return server;
}

createServer(async (req, res) => {
  const server = newServer();
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: undefined,
    enableJsonResponse: true,
  });
  res.on('close', () => {
    void transport.close();
    void server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(req, res);
}).listen(Number(process.env.PORT), '127.0.0.1');
