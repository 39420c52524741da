import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { z } from 'zod';
import { defineTool, type InputOf } from './contract.ts';
import { Tool, toolContractOf, type ToolHandler } from './handler.ts';
import { Stage, stageSlotOf, type ToolStage } from './stage.ts';

const echo = defineTool({
  name: 'echo_text',
  title: 'Echo',
  description: 'Says it again.',
  input: z.strictObject({ text: z.string() }),
  output: z.strictObject({ text: z.string() }),
  scopes: [],
  effect: 'read',
});

@Injectable()
class Voice {
  say(text: string): string {
    return text;
  }
}

@Tool(echo)
@Injectable()
class EchoTool implements ToolHandler<typeof echo> {
  constructor(private readonly voice: Voice) {}

  async call({ text }: InputOf<typeof echo>) {
    return { text: this.voice.say(text) };
  }
}

@Stage('log')
@Injectable()
class LogStage implements ToolStage {
  forTool() {
    return undefined;
  }
}

class LouderEchoTool extends EchoTool {}
class LouderLogStage extends LogStage {}

describe('@Tool', () => {
  it('marks a class with its contract', () => {
    expect(toolContractOf(EchoTool)).toBe(echo);
  });

  it.each([[LouderEchoTool], [LogStage], [{}], [undefined], [null], ['EchoTool']])(
    'does not mark %p',
    (type) => {
      expect(toolContractOf(type)).toBeUndefined();
    },
  );
});

describe('@Stage', () => {
  it('marks a class with its slot', () => {
    expect(stageSlotOf(LogStage)).toBe('log');
  });

  it.each([[LouderLogStage], [EchoTool], [{}], [undefined], [null]])('does not mark %p', (type) => {
    expect(stageSlotOf(type)).toBeUndefined();
  });
});

describe('a tool', () => {
  it('is a Nest provider like any other', async () => {
    @Module({ providers: [Voice, EchoTool, LogStage] })
    class Root {}
    const app = await NestFactory.createApplicationContext(Root, { logger: false });
    expect(await app.get(EchoTool).call({ text: 'hello' })).toEqual({ text: 'hello' });
    await app.close();
  });
});
