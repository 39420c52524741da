import type { Change, ChangeKind } from './compare/change.ts';

/** The worst first. */
const KINDS: readonly ChangeKind[] = ['breaking', 'announced', 'additive', 'wording'];

/** What changed in the contract of a service, one line each, the worst first. */
export function report(service: string, base: string, changes: readonly Change[]): string {
  const lines = KINDS.flatMap((kind) =>
    changes
      .filter((change) => change.kind === kind)
      .map(({ subject, what }) => `  ${kind.padEnd(9)}  ${subject}: ${what}`),
  );
  const counts = KINDS.map((kind) => [changes.filter((change) => change.kind === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`);
  return [`${service}, compared with ${base}: ${counts.join(', ') || 'no change'}`, ...lines].join('\n');
}

/** What to do about changes that break somebody. */
export const WAYS_OUT = `
Somebody who relies on these contracts has to follow what is marked as breaking, and no version says so. Either take it
back, or keep what was there beside what is new. If it has to be, announce it:
  a tool that is still there         raise \`version\` in its defineTool({ … })
  an event that is still there       define it with the next \`version\`, and publish both until subscribers have moved
  what is gone, and anything else    raise the version in the service's package.json: 1.4.0 to 2.0.0, 0.4.0 to 0.5.0
`;
