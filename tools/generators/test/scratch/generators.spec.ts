import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkout, type RunningStack } from './checkout.ts';

let checkout: Checkout;
let stack: RunningStack | undefined;

beforeAll(() => {
  checkout = new Checkout();
});
afterAll(async () => {
  await stack?.stop();
  await checkout.remove();
});

const source = (program: string, ...args: string[]) =>
  checkout.run('node', '--conditions=@gantry/source', program, ...args);

// `cp` makes links, and the stack ends with its process group, as on Linux.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('in a copy of the repository (on Linux)', () => {
  it('a service, a tool of it and a library are generated', () => {
    checkout.run('nx', 'generate', '@gantry/tools:service', 'inventory');
    checkout.run('nx', 'generate', '@gantry/tools:tool', 'inventory', 'adjust_item', 'update');
    checkout.run('nx', 'generate', '@gantry/tools:library', 'money-format', '--layer=4');
    checkout.markInstalled();
  });

  it('they pass lint, types and format', () => {
    checkout.run('nx', 'run-many', '--targets=lint', '--projects=inventory,money-format,dev');
    checkout.run('tsc', '--build', 'apps/inventory', 'libs/money-format', 'tools/dev');
    checkout.run(
      'prettier',
      '--check',
      'apps/inventory',
      'libs/money-format',
      'deploy/charts/inventory',
      'tools/dev',
    );
  });

  it('they pass their tests, with coverage', () => {
    checkout.run('nx', 'run-many', '--targets=test', '--projects=inventory,money-format', '--parallel=1');
  });

  it('everything that follows from the service is there, and right', () => {
    source('tools/contract/src/main.ts', 'docs', '--check');
    checkout.jest('tools/dashboards', 'test/assets', 'test/rules', 'test/dashboards');
    checkout.jest('tools/charts', 'test/generated', 'test/environment', 'test/values');
    checkout.run('nx', 'run-many', '--targets=chart', '--projects=chart-inventory');
  });

  it('make serve starts it with demo data, and it takes calls', async () => {
    stack = await checkout.serve(10_000 + Math.floor(Math.random() * 20_000));
    expect(stack.output()).toContain('inventory: 3 items');
    const made = stack.call('inventory', 'create_item', 'name=Bolt', 'idempotency_key=one-bolt');
    expect(made).toMatchObject({ name: 'Bolt', id: expect.stringMatching(/^item_/) });
    expect(stack.call('inventory', 'adjust_item', 'subject=Bolt')).toEqual({ subject: 'Bolt' });
    await stack.stop();
    expect(stack.output()).toContain('stopped.');
    stack = undefined;
  });
});
