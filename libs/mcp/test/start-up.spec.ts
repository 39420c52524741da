import { describe, expect, it } from '@jest/globals';
import { Injectable, Module, type Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { z } from 'zod';
import {
  Catalogue,
  Prompt,
  Resource,
  ResourceTemplate,
  type ResourceTemplateContract,
} from '../src/index.ts';

const base = { title: 'T', description: 'D.', mimeType: 'text/plain', scopes: [], ttlMs: 0 };

function fixed(uri: string, name: string): Type {
  @Injectable()
  @Resource({ ...base, uri, name })
  class Fixed {
    read = () => Promise.resolve('');
  }
  return Fixed;
}

function template(uriTemplate: string, name: string, more: Partial<ResourceTemplateContract> = {}): Type {
  @Injectable()
  @ResourceTemplate({ ...base, uriTemplate, name, ...more })
  class Template {
    read = () => Promise.resolve(undefined);
  }
  return Template;
}

function prompt(name: string, args: z.ZodObject): Type {
  @Injectable()
  @Prompt({ name, title: 'T', description: 'D.', arguments: args, scopes: [] })
  class SomePrompt {
    render = () => Promise.resolve([]);
  }
  return SomePrompt;
}

async function start(...providers: Type[]): Promise<Catalogue> {
  @Module({ imports: [DiscoveryModule], providers: [Catalogue, ...providers] })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  return app.get(Catalogue);
}

describe('the start', () => {
  it.each([
    [
      'two resources of one URI',
      [fixed('a://b', 'one'), fixed('a://b', 'two')],
      'Two resources have the URI a://b',
    ],
    [
      'two resources of one name',
      [fixed('a://b', 'one'), fixed('a://c', 'one')],
      'Two resources are named one',
    ],
    [
      'a resource and a template of one name',
      [fixed('a://b', 'one'), template('a://b/{c}', 'one')],
      'Two resources are named one',
    ],
    [
      'two templates that match the same',
      [template('a://b/{c}', 'one'), template('a://b/{d}', 'two')],
      'Two resource templates match the same URIs: a://b/{c} and a://b/{d}',
    ],
    ['a template that is none', [template('a://b/c', 'one')], 'a://b/c has no variable'],
    [
      'two prompts of one name',
      [prompt('one', z.strictObject({})), prompt('one', z.strictObject({}))],
      'Two prompts are named one',
    ],
    [
      'a prompt with an argument that is no string',
      [prompt('one', z.strictObject({ count: z.number() }))],
      'Argument count of the prompt one is not a string',
    ],
  ])('refuses %s, and says so', async (_name, providers, message) => {
    await expect(start(...providers)).rejects.toThrow(message);
  });

  it('finds everything in a fixed order, fixed resources before templates', async () => {
    const { resources, prompts } = await start(
      template('z://b/{c}', 'z'),
      fixed('z://b/fixed', 'fixed'),
      template('a://b/{c}', 'a'),
      prompt('two', z.strictObject({ choice: z.enum(['x']).optional() })),
      prompt('one', z.strictObject({ free: z.string() })),
    );
    expect(resources.templateContracts.map(({ name }) => name)).toEqual(['a', 'z']);
    expect(prompts.contracts.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(resources.hasCompletion || resources.listVaries || prompts.hasCompletion).toBe(false);
    const principal = { tenant: 't', subject: 's', client: 'c', scopes: new Set<string>() };
    const request = {
      principal,
      meta: { transport: 'http' as const, protocolVersion: '2026-07-28' },
      signal: new AbortController().signal,
      reportProgress: () => {},
    };
    expect((await resources.read('z://b/fixed', request))?.outcome).toMatchObject({ output: { text: '' } });
    expect((await resources.read('z://b/else', request))?.outcome).toMatchObject({
      error: { code: 'not_found' },
    });
  });
});
