// Loaded into every measured server ahead of its own code (node --import): tells its parent what the process has used.
// The process measures itself, because /proc counts in hundredths of a second and this in millionths.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

process.on('message', (question) => {
  void answer(question).then(
    (value) => process.send({ id: question.id, value }),
    (error) => process.send({ id: question.id, error: String(error) }),
  );
});
// A server must be able to end by itself, and must not outlive the benchmark.
process.channel?.unref();
process.on('disconnect', () => process.exit(0));

let profiler;

async function answer({ ask }) {
  switch (ask) {
    case 'usage':
      return usage();
    case 'collect-garbage':
      collectGarbage();
      return usage();
    case 'start-profile':
      profiler = await startProfile();
      return null;
    case 'stop-profile':
      return profiler.stop();
    default:
      throw new Error(`The probe does not know '${ask}'.`);
  }
}

function usage() {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpuMicros: user + system, rss, heapUsed };
}

/** Without --expose-gc on the command line, which services are not started with either. */
function collectGarbage() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

async function startProfile() {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  return {
    async stop() {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return profile;
    },
  };
}
