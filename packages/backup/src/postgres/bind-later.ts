import type { BoundSource, SourceHost } from './point-in-time.ts'
import type { PostgresSourceSettings } from './source-options.ts'

/**
 * A source with settings and engine, of which what does the work is loaded when it is first asked for: programs that open a
 * repository for something else do without, and those that do not derive the repository's key meanwhile.
 */
export function bindLater(settings: PostgresSourceSettings, host: SourceHost): BoundSource {
  const since = host.clock.now()
  let loading: Promise<BoundSource> | undefined
  const bound = (): Promise<BoundSource> =>
    (loading ??= import('./bind-source.ts').then(({ bindSource }) => bindSource(settings, host, since)))
  return {
    source: {
      kind: 'postgres',
      backup: async (context) => (await bound()).source.backup(context),
      restore: async (context) => (await bound()).source.restore(context),
    },
    start() {
      bound().then(
        (source) => source.start(),
        (error: unknown) => host.logger.error({ error }, 'The log of a database cannot be received.'),
      )
    },
    close: async () => (await loading)?.close(),
    restore: async (options) => (await bound()).restore(options),
    recoverable: async (options) => (await bound()).recoverable(options),
    retainable: async (snapshots) => (await bound()).retainable(snapshots),
    trim: async (policy, options) => (await bound()).trim(policy, options),
    restoreTable: async (options) => (await bound()).restoreTable(options),
    drill: async (options) => (await bound()).drill(options),
    drills: async (options) => (await bound()).drills(options),
    alerts: async (options) => (await bound()).alerts(options),
    figures: async (options) => (await bound()).figures(options),
  }
}
