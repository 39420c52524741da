import { TargetProjectLocator } from '@nx/js/internal';
import { createProjectRootMappings } from 'nx/src/project-graph/utils/find-project-for-path.js';
import { readCachedProjectGraph } from 'nx/src/devkit-exports.js';

/** Lets the boundary rule see projects that do not exist (yet): name, root and tags of each. */
export function pretend(projects) {
  const graph = readCachedProjectGraph();
  const nodes = { ...graph.nodes };
  const dependencies = { ...graph.dependencies };
  for (const { name, root, tags } of projects) {
    const js = {
      packageName: `@gantry/${name}`,
      packageExports: { '.': './src/index.ts' },
      isInPackageManagerWorkspaces: true,
    };
    nodes[name] = { name, type: 'lib', data: { root, tags, metadata: { js } } };
    dependencies[name] = [];
  }
  // Where the rule keeps what it knows from one file to the next when it runs in a terminal.
  Object.assign(globalThis, {
    projectGraph: { ...graph, nodes, dependencies },
    projectRootMappings: createProjectRootMappings(nodes),
    projectFileMap: {},
    targetProjectLocator: new TargetProjectLocator(nodes, graph.externalNodes),
  });
}

/** Back to the projects that exist. */
export function pretendNothing() {
  globalThis.projectGraph = undefined;
}
