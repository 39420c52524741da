import { describe, expect, it } from '@jest/globals';
import { smallWorkspace } from '../../test/small-workspace.ts';
import tool from './generator.ts';

describe('the generator of tools', () => {
  const tree = smallWorkspace();
  const read = (path: string) => tree.read(`apps/payments/src/${path}`, 'utf8');

  it.each([
    ['find_voucher', 'read', 'payments:read', false],
    ['create_voucher', 'create', 'payments:write', true],
    ['redeem_voucher', 'update', 'payments:write', false],
  ] as const)('makes %s, which may %s, with its spec', async (name, effect, scope, isKeyed) => {
    await tool(tree, { service: 'payments', name, effect });
    const file = `tools/${name.replace('_', '-')}.tool`;
    expect(read(`${file}.ts`)).toContain(`scopes: ['${scope}'],\n  effect: '${effect}'`);
    expect(read(`${file}.spec.ts`)?.includes('idempotency_key')).toBe(isKeyed);
  });

  it('lists it among the providers', () => {
    expect(read('payments.module.ts')).toContain('    FindVoucherTool,\n    CreateVoucherTool,\n');
  });

  it('overwrites nothing, and knows no service that is not there', async () => {
    const options = { name: 'find_voucher', effect: 'read' } as const;
    await expect(tool(tree, { ...options, service: 'payments' })).rejects.toThrow('find_voucher already');
    await expect(tool(tree, { ...options, service: 'vouchers' })).rejects.toThrow('no service vouchers');
    tree.write('apps/payments/src/payments.module.ts', 'export class PaymentsModule {}');
    const another = tool(tree, { ...options, service: 'payments', name: 'find_stamp' });
    await expect(another).rejects.toThrow('payments.module.ts lists no tools');
  });
});
