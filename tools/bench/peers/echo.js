// The baseline: node:http and nothing else. It reads the body, parses it and answers. No validation, no protocol, no
// token. With ANSWER_FILE it answers the bytes of that file instead, whatever was asked.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const file = process.env.ANSWER_FILE;
const bytes = file && readFileSync(file);

createServer((req, res) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    if (req.method !== 'POST') return res.writeHead(204).end();
    const { id, params } = JSON.parse(Buffer.concat(chunks).toString());
    reply(res, bytes || JSON.stringify({ jsonrpc: '2.0', id, result: sum(params.arguments) }));
  });
}).listen(Number(process.env.PORT), '127.0.0.1');

function sum({ a, b }) {
  const structuredContent = { sum: a + b };
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
}

function reply(res, body) {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  res.end(body);
}
