import { SHARED_ERRORS } from '@gantry/errors';
import type { Release } from '../compare/contracts.ts';
import { blocks, code, prose, table } from './markdown.ts';

/** The page that leads to all others, with what they have in common. */
export function overview(releases: ReadonlyMap<string, Release>): string {
  const rows = [...releases].map(([service, { contract, version }]) => {
    const { tools = [], resources = [], templates = [], prompts = [], events = [] } = contract;
    return [
      `[${service}](${service}.md)`,
      version,
      String(tools.length),
      String(resources.length + templates.length),
      String(prompts.length),
      String(events.length),
    ];
  });
  return `${blocks(
    '<!-- Written by make docs: see tools/contract. -->',
    '# Reference',
    'What each service promises: tools, resources, prompts, events, settings and metrics. Written from the contracts that its tests compare with the code.',
    table(['service', 'version', 'tools', 'resources', 'prompts', 'events'], rows),
    '[Scopes](#scopes) · [Effects](#effects) · [Idempotency keys](#idempotency-keys) · [Errors](#errors) · [Limits](#limits) · [Versions](#versions)',
    SCOPES,
    EFFECTS,
    blocks('## Idempotency keys', keyAdvice(releases), KEYS),
    blocks('## Errors', ERRORS, errorTable()),
    LIMITS,
    VERSIONS,
  )}\n`;
}

const SCOPES = `## Scopes

A token needs all scopes that stand beside a tool, a resource or a prompt. Without them it is not even listed. Of one
resource, \`admin\` includes \`write\`, and \`write\` includes \`read\`; any other scope has to be granted by itself.`;

const EFFECTS = `## Effects

| effect | means | idempotency key |
| --- | --- | --- |
| read | changes nothing | none |
| create | makes something | required |
| update | changes something that is there | optional |
| delete | removes something | optional |
| external | does something outside that cannot be rolled back, such as moving money | required |`;

const KEYS = `8 to 200 characters. A repeated call gets the first answer, with \`_meta.idempotent_replay\`. Keys belong to a tenant, a
principal and a tool, and are kept for at least 24 hours (\`MCP_IDEMPOTENCY_RETENTION_HOURS\`).`;

/** What the tools themselves say of it. */
function keyAdvice(releases: ReadonlyMap<string, Release>): string {
  const tools = [...releases.values()].flatMap(({ contract }) => contract.tools ?? []);
  const keys = tools.map(({ inputSchema }) => inputSchema.properties?.['idempotency_key']);
  return prose(keys.find((key) => key !== undefined)?.description ?? '');
}

const ERRORS = `A failed call is a result with \`isError\` and this envelope: \`error\` (a sentence), \`code\`, \`category\`, \`retryable\`,
\`hint\` (what to do next), \`error_id\` (finds it in the logs), and where there are some \`retry_after_seconds\` and
\`details\`. \`retryable\` is true only if the very same call can succeed later. Any tool may answer with these:`;

function errorTable(): string {
  const rows = Object.entries(SHARED_ERRORS).map(([name, { category, retryable, hint }]) => [
    code(name),
    category.replace('_', ' '),
    retryable ? 'yes' : 'no',
    prose(hint),
  ]);
  return table(['code', 'category', 'retryable', 'hint'], rows);
}

const LIMITS = `## Limits

Calls a minute count for each principal over all replicas, calls at once for each replica. A call that is not done by its
deadline is rolled back and answered with \`timeout\`.`;

const VERSIONS = `## Versions

A tool has a version, 1 unless its page says otherwise; from 2 on it stands in \`tools/list\`, as
\`_meta["gantry/contract-version"]\`. It is raised with every change that callers have to follow. Additions, and texts that
are worded anew, raise nothing. Events have versions too: a new one is published beside the old one until subscribers have
moved. Everything else is announced by the version of the service. What counts as which is in
[tools/contract](../../tools/contract/README.md#what-counts-as-what).`;
