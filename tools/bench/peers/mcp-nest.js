// @rekog/mcp-nest on Fastify, set up as its README shows it; no guards, no log. On Express it costs as much.
// Decorators are applied by hand: this is JavaScript.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { McpController, McpStrategy, StreamableHttpTransport, Tool } from '@rekog/mcp-nest';
import { add, input, output, tools } from './tools.js';

class AddNumbersController {}
for (const { name, title, description } of tools) {
  AddNumbersController.prototype[name] = async (args) => add(args);
  const descriptor = Object.getOwnPropertyDescriptor(AddNumbersController.prototype, name);
  const contract = { name, title, description, parameters: input, outputSchema: output };
  Payload()(AddNumbersController.prototype, name, 0);
  Tool(contract)(AddNumbersController.prototype, name, descriptor);
}
McpController()(AddNumbersController);

class AppModule {}
Module({ controllers: [AddNumbersController] })(AppModule);

const strategy = new McpStrategy({
  name: 'bench',
  version: '1.0.0',
  transports: [new StreamableHttpTransport()],
});
const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
strategy.setHttpAdapter(app.getHttpAdapter());
app.connectMicroservice({ strategy });
await app.startAllMicroservices();
await app.listen(Number(process.env.PORT), '127.0.0.1');
