import { defineSettings, flag, setting, type SettingsOf } from '@gantry/config';
import { z } from 'zod';

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .refine((text) => !text.includes('#'), 'must not have a fragment');
const whole = z.coerce.number().int();

/**
 * Settings of one server that this service calls: `MCP_REMOTE_<NAME>_…`, which none of that server's own settings is
 * called, so that both can stand in one environment.
 *
 * @param name - as in {@link defineRemoteServer}
 */
export function remoteServerSettings(name: string) {
  const prefix = `MCP_REMOTE_${name.toUpperCase().replaceAll('-', '_')}`;
  return defineSettings(`remote-${name}`, {
    url: setting(`${prefix}_URL`, httpUrl, {
      description: `MCP endpoint of the ${name} server, for example https://${name}.example.com/mcp.`,
    }),
    audience: setting(`${prefix}_AUDIENCE`, httpUrl.optional(), {
      description: `What tokens for ${name} must name in aud: its MCP_AUTH_AUDIENCE. Default: the URL.`,
    }),
    allowInsecure: setting(`${prefix}_ALLOW_INSECURE`, flag().default(false), {
      description: `Allow plain http to ${name} on another machine. Whoever sees that traffic can use its tokens.`,
    }),
    attemptMs: setting(`${prefix}_ATTEMPT_MS`, whole.min(10).max(60_000).default(3_000), {
      description: `How long one request to ${name} may take, in milliseconds.`,
    }),
    deadlineMs: setting(`${prefix}_DEADLINE_MS`, whole.min(10).max(300_000).default(10_000), {
      description: `How long a call of ${name} may take with its repetitions, in milliseconds. A caller that has less time ends it sooner.`,
    }),
    concurrent: setting(`${prefix}_CONCURRENT`, whole.min(1).max(1_000).default(25), {
      description: `Requests to ${name} that one replica has under way at once; four times as many wait.`,
    }),
    maxAnswerBytes: setting(
      `${prefix}_MAX_ANSWER_BYTES`,
      whole.min(1_024).max(67_108_864).default(4_194_304),
      {
        description: `Largest answer of ${name} that is read, in bytes.`,
      },
    ),
  });
}

/** Values of {@link remoteServerSettings}. */
export type RemoteServerSettings = SettingsOf<ReturnType<typeof remoteServerSettings>>;
