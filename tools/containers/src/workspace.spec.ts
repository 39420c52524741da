import { describe, expect, it } from '@jest/globals';
import { bundleFolder, serviceNamed } from './workspace.ts';

describe('serviceNamed', () => {
  it('finds an app', () => {
    const records = serviceNamed('records');
    expect(records).toMatchObject({ name: 'records', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(bundleFolder(records)).toMatch(/\/dist\/containers\/records$/);
  });

  it.each(['', 'inventar', '../libs/config', '.'])('refuses %j, which is none', (name) => {
    expect(() => serviceNamed(name)).toThrow(`There is no service '${name}' in apps/.`);
  });
});
