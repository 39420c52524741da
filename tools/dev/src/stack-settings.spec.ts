import { describe, expect, it } from '@jest/globals';
import { readStackSettings } from './stack-settings.ts';

describe('readStackSettings', () => {
  it('has defaults', () => {
    expect(readStackSettings({}, '/repo')).toEqual({ portBase: 7400, stateDirectory: '/repo/.gantry' });
  });

  it('takes another port base and state directory', () => {
    const env = { GANTRY_PORT_BASE: '8000', GANTRY_STATE_DIR: '/var/state' };
    expect(readStackSettings(env, '/repo')).toEqual({ portBase: 8000, stateDirectory: '/var/state' });
  });

  it('keeps what Stripe knows apart from what the simulator knows', () => {
    const env = { GANTRY_STRIPE_KEY: 'sk_test_x' };
    expect(readStackSettings(env, '/repo')).toMatchObject({ stateDirectory: '/repo/.gantry-stripe' });
    expect(readStackSettings({ ...env, GANTRY_STATE_DIR: 'mine' }, '/repo')).toMatchObject({
      stateDirectory: '/repo/mine',
    });
  });

  it.each(['80', '70000', '7400.5', 'abc'])('refuses %s as port base, naming the variable', (text) => {
    expect(() => readStackSettings({ GANTRY_PORT_BASE: text }, '/repo')).toThrow(/GANTRY_PORT_BASE/);
  });
});
