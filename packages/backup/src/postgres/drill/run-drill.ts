import { join } from 'node:path'
import { ExprsnError, milliseconds, type Clock, type Duration } from '@exprsn/core'
import { exists, type Disk } from '@exprsn/core/disk'
import { formatPostgresTime, parsePostgresTime, toPostgresTime } from '../../replication/postgres-time.ts'
import type { Repository } from '../../repository/index.ts'
import { describeTarget, parseTarget, type RecoveryTarget } from '../../restore/recovery-target.ts'
import { bootRestored, type ThrowAwayContext, type ThrowAwayServer } from '../throw-away.ts'
import { checkPages } from './check-pages.ts'
import type { DrillCheck, DrillEvidence } from './evidence.ts'
import { loadEvidence, storeEvidence } from './evidence-store.ts'
import { runChecks, type DrillAssertion } from './run-checks.ts'

/** Options of a drill. */
export interface DrillOptions {
  /** @default 'latest' */
  readonly until?: RecoveryTarget | undefined
  /** The only snapshot that may be used. @default the newest that the target can be reached from */
  readonly from?: string | undefined
  /** What must be true of the restored databases. @default [] */
  readonly assertions?: readonly DrillAssertion[] | undefined
  /** Whether every index and table is checked with the extension amcheck. @default true */
  readonly amcheck?: boolean | undefined
  /** Whether the checksum of every page is checked, where the cluster has them. @default true */
  readonly pageChecksums?: boolean | undefined
  /** Where the restored cluster lies meanwhile. @default the system's folder for temporary files */
  readonly temporaryFolder?: string | undefined
  /** How long the server may replay. @default '2h' */
  readonly recoveryTimeout?: Duration | undefined
  /** Ends the drill; nothing of it is left. */
  readonly signal?: AbortSignal | undefined
}

/** What {@link runDrill} works with. */
export interface DrillContext extends ThrowAwayContext {
  readonly source: string
  readonly repository: Repository
  readonly clock: Clock
  readonly disk: Disk
}

const trendLength = 20
const twoHours = 7_200

/**
 * Restores into a throw-away server, boots it, replays, and looks whether what came out is sound: evidence, signed and
 * kept beside the repository. A restore that fails is evidence, too; only what keeps the drill itself from running is
 * thrown.
 */
export async function runDrill(context: DrillContext, options: DrillOptions): Promise<DrillEvidence> {
  const { source, repository, clock } = context
  const { signal } = options
  const target = parseTarget(options.until ?? 'latest')
  const earlier = await loadEvidence(repository, source, signal)
  const asked = clock.now()
  const begun = clock.monotonic()
  const facts = {
    ...({ format: 1, source, time: new Date(asked).toISOString(), target: describeTarget(target) } as const),
    trend: earlier
      .slice(-trendLength)
      .map(({ time, ok, recoverySeconds, lossSeconds }) => ({ time, ok, recoverySeconds, lossSeconds })),
  }
  let evidence: DrillEvidence
  try {
    const recoveryTimeout = milliseconds(options.recoveryTimeout ?? '2h')
    await using booted = await bootRestored(context, { ...options, recoveryTimeout, measured: true })
    const recoverySeconds = (clock.monotonic() - begun) / 1_000
    const aim = target.kind === 'time' ? target.time : toPostgresTime(asked)
    const checks = await check(booted, context, options)
    evidence = {
      ...facts,
      ok: checks.every(({ ok }) => ok),
      snapshot: booted.cluster.snapshot,
      server: booted.server.installation.version.text,
      bytes: booted.cluster.bytes,
      recoverySeconds,
      restoreSeconds: booted.seconds.restore,
      replaySeconds: booted.seconds.recover,
      ...lossOf(booted.server.log().join('\n'), aim),
      bytesInTwoHours: Math.round((booted.cluster.bytes / Math.max(recoverySeconds, 0.001)) * twoHours),
      checks,
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!ExprsnError.is(error)) throw error
    const recoverySeconds = (clock.monotonic() - begun) / 1_000
    const none = { bytes: 0, restoreSeconds: 0, replaySeconds: 0, bytesInTwoHours: 0, checks: [] }
    evidence = { ...facts, ...none, ok: false, failure: `${error.code}: ${error.message}`, recoverySeconds }
  }
  await storeEvidence(repository, evidence, signal)
  return evidence
}

async function check(
  booted: ThrowAwayServer,
  { needs: { extensions }, clock, disk }: DrillContext,
  { assertions = [], amcheck = true, pageChecksums = true, signal }: DrillOptions,
): Promise<DrillCheck[]> {
  const { connector, server, cluster } = booted
  const checks = await runChecks({ connector, assertions, extensions, amcheck, clock, signal })
  const withChecksums = pageChecksums && (await hasChecksums(booted))
  if (!withChecksums) return checks
  // Pages on disk are whole only after the server has written all of them.
  await server.stop({ keep: true })
  const begun = clock.monotonic()
  const folders = [join(cluster.dataFolder, 'base'), join(cluster.dataFolder, 'global')]
  for (const { path } of cluster.tablespaces) if (await exists(disk, path)) folders.push(path)
  const { pages, damaged } = await checkPages(disk, folders, signal)
  const [first] = damaged
  const detail =
    first === undefined ? `${pages} pages` : `page ${first.page} of ${first.path} and ${damaged.length - 1} others`
  return [
    ...checks,
    { name: 'page checksums', ok: first === undefined, detail, seconds: (clock.monotonic() - begun) / 1_000 },
  ]
}

async function hasChecksums({ connector }: ThrowAwayServer): Promise<boolean> {
  await using sql = await connector.sql()
  const { rows } = await sql.query("select current_setting('data_checksums') = 'on' as sums")
  return rows[0]?.['sums'] === true
}

/** The server tells the last commit that it replayed. It says nothing when there was none after the base backup. */
function lossOf(log: string, aim: bigint): Pick<DrillEvidence, 'lastCommit' | 'lossSeconds'> {
  const text = /last completed transaction was at log time ([^\n"]+)/.exec(log)?.[1]
  const time = text === undefined ? undefined : parsePostgresTime(text.trim())
  if (time === undefined) return { lastCommit: undefined, lossSeconds: undefined }
  const loss = Number(aim > time ? aim - time : 0n) / 1_000_000
  return { lastCommit: formatPostgresTime(time), lossSeconds: loss }
}
