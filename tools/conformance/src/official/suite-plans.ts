import { SERVICES } from '../servers/server-plans.ts';
import { REVISIONS, type Revision } from './suite.ts';

/** What of the official suite is run against which server. */
export interface SuitePlan {
  readonly suite: 'fixture' | 'tasks' | 'services';
  readonly server: string;
  readonly revision: Revision;
  /** Which scenarios, of those that the revision asks for. */
  readonly select: (scenarios: readonly string[]) => readonly string[];
  /** Names of files in `expected-failures`, without `.yaml`. */
  readonly expected: readonly string[];
}

/** Scenarios that need no tool, resource or prompt of a certain name. Some single checks of them do. */
const GENERIC: Readonly<Record<Revision, readonly string[]>> = {
  '2026-07-28': [
    'server-stateless',
    'tools-list',
    'resources-list',
    'prompts-list',
    'sep-2164-resource-not-found',
    'caching',
    'http-header-validation',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
    'input-required-result-unsupported-methods',
  ],
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
  ],
};

const isOfTasks = (scenario: string) => scenario.startsWith('tasks-');

/** Everything there is to run, the longest first. */
export const suitePlans: readonly SuitePlan[] = [
  {
    suite: 'tasks',
    server: 'tasks-fixture',
    revision: '2026-07-28',
    select: (scenarios) => scenarios.filter(isOfTasks),
    expected: ['tasks'],
  },
  {
    suite: 'fixture',
    server: 'protocol-fixture',
    revision: '2026-07-28',
    select: (scenarios) => scenarios.filter((scenario) => !isOfTasks(scenario)),
    expected: ['fixture-2026-07-28'],
  },
  {
    suite: 'fixture',
    server: 'protocol-fixture',
    revision: '2025-11-25',
    select: (scenarios) => scenarios,
    expected: ['fixture-2025-11-25'],
  },
  ...SERVICES.flatMap((server) => REVISIONS.map((revision) => genericPlan(server, revision))),
];

function genericPlan(server: string, revision: Revision): SuitePlan {
  const expected = [
    ...(revision === '2026-07-28' ? ['services-2026-07-28'] : []),
    ...(server === 'payments' ? [`payments-${revision}`] : []),
  ];
  return { suite: 'services', server, revision, select: () => GENERIC[revision], expected };
}
