import { availableParallelism } from 'node:os'
import { makeTemporaryFolder, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { reconcileErrors } from '../errors.ts'
import { makeRowsReport, type RestFound, type RowsHelp } from '../rest/make-rows-report.ts'
import { checkRules, type ReconcileRules } from '../rules.ts'
import { Currencies, currencyCode } from './currencies.ts'
import type { ExactPairs, FilesReport } from './files-report.ts'
import { shownFingerprint } from './fingerprint.ts'
import { gatewayName } from './gateway-name.ts'
import { joinFactor, joinFiles, type JoinOptions } from './join-files.ts'
import { addPairs, type Joined } from './join-part.ts'
import { createJoinThreads, type JoinThreads } from './join-threads.ts'
import type { MovementsFile } from './movements-file.ts'
import { openMovements, type OpenMovements } from './open-movements.ts'
import { partFile } from './part-files.ts'
import { readRests } from './read-rests.ts'
import { noTotals } from './row-totals.ts'

/** Bytes of both files from which on threads are worth their start. */
const worthThreads = 16_777_216

/** How far {@link reconcileFiles} is. */
export interface FilesProgress {
  readonly phase: 'parting' | 'matching by name'
  /** Bytes of both files that were read in this phase. */
  readonly done: number
  readonly total: number
}

/** Options of {@link reconcileFiles}. */
export interface ReconcileFilesOptions {
  /** The host's own books. */
  readonly ours: MovementsFile
  /** What a gateway settled. */
  readonly gateway: MovementsFile & {
    /** The gateway's name. @default 'gateway' */
    readonly name?: string | undefined
  }
  /** @default the defaults of each */
  readonly rules?: ReconcileRules | undefined
  /** The day by which ages count. @default the newest day of the files */
  readonly asOf?: Date | undefined
  /**
   * About how many bytes matching by name may take; larger files are parted on disk first. What names do not decide is held
   * beside that, about 1,000 bytes for each row. @default 268,435,456
   */
  readonly maximumMemory?: number | undefined
  /**
   * Threads that help to read and to match by name, where the files are on the system's disk.
   * @default processors − 1, at most 3; none below 16 MiB
   */
  readonly threads?: number | undefined
  /** Where the files are. @default systemDisk */
  readonly disk?: Disk | undefined
  /** Where the parts of larger files are kept while it runs. @default the system's folder for temporary files */
  readonly temporaryFolder?: string | undefined
  /** Ends it; nothing is left behind. */
  readonly signal?: AbortSignal | undefined
  /** Told now and then how far it is. */
  readonly onProgress?: ((progress: FilesProgress) => void) | undefined
}

/**
 * As `reconcile`, for orders and a gateway's lines in CSV files, of any size.
 * What exactly one row of either side is named, with the same amount, is paired from the bytes; all rules decide about the
 * rest. Of what is paired, identifiers are not compared with each other.
 *
 * @throws `PAYMENTS_RECONCILE_FILE_INVALID`, `PAYMENTS_RECONCILE_CONFLICT`, `PAYMENTS_RECONCILE_RULE_INVALID`, the disk's errors
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { checkProof, reconcileFiles } from '@exprsn/payments/reconcile'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'month-'))
 * const [books, report] = [join(folder, 'books.csv'), join(folder, 'stripe.csv')]
 * await writeFile(books, 'order,charge,amount,date\nA-1,ch_1,49.90,2026-11-18\nA-2,ch_2,5.00,2026-11-18\n')
 * await writeFile(report, 'id,source,gross,created\ntxn_1,ch_1,49.90,2026-11-18\n')
 * const { exact, exceptions, proof } = await reconcileFiles({
 *   ours: { path: books, currency: 'EUR', columns: { id: 'order', key: 'charge', amount: 'amount', date: 'date' } },
 *   gateway: { path: report, currency: 'EUR', columns: { id: 'id', key: 'source', amount: 'gross', date: 'created' } },
 * })
 * console.log(exact[0]?.pairs, exceptions[0]?.item, checkProof(proof)) // 1 ours:A-2 []
 * ```
 */
export async function reconcileFiles(options: ReconcileFilesOptions): Promise<FilesReport> {
  const { disk = systemDisk, asOf } = options
  const name = gatewayName(options.gateway.name)
  const rules = checkRules(options.rules ?? {}, [name])
  const currencies = new Currencies()
  const totals = noTotals()
  return withFiles(disk, options, async (ours, gateway) => {
    const threads = threadsFor(ours.size + gateway.size, disk, options)
    try {
      const { pairs, rest } = await decideByName({ ours, gateway, currencies, totals, name, disk, threads }, options)
      const exact = [...pairs].map(([currency, { count, sum }]): ExactPairs => {
        return { pairs: count, sum: { amount: sum, currency: currencyCode(currency) } }
      })
      const rows = { ours: totals.ours, gateway: totals.gateway }
      const fingerprint = shownFingerprint(totals.fingerprint)
      const found = { gateway: name, rows, exact, rest, newestDay: totals.newestDay, fingerprint, rules, asOf }
      return await makeRowsReport(found, threads && rowsHelp(threads, options.signal))
    } finally {
      await threads?.close()
    }
  })
}

/** Rejects when the signal aborts: nobody may go on with memory that the thread still writes to. */
function rowsHelp(threads: JoinThreads, signal: AbortSignal | undefined): RowsHelp {
  const unlessAborted = <Result>(result: Promise<Result>): Promise<Result> => {
    const checked = result.then((value) => {
      signal?.throwIfAborted()
      return value
    })
    // Who gave up before does not hear of it.
    checked.catch(() => {})
    return checked
  }
  return {
    number: (rows) => unlessAborted(threads.number(rows, signal)),
    match: (task) => unlessAborted(threads.match(task, signal)),
    namePairs: (names) => unlessAborted(threads.namePairs(names, signal)),
    digestReport: (lines) => unlessAborted(threads.digestReport(lines, signal)),
  }
}

interface Found {
  readonly pairs: Joined['pairs']
  readonly rest: { readonly [Side in keyof RestFound['rest']]: RestFound['rest'][Side][number][] }
}

/** Other threads open files by their paths, which only the system's disk knows; little is done before they have started. */
function threadsFor(bytes: number, disk: Disk, { threads }: ReconcileFilesOptions): JoinThreads | undefined {
  const most = threads ?? (bytes < worthThreads ? 0 : Math.min(3, availableParallelism() - 1))
  if (!(Number.isInteger(most) && most >= 0 && most <= 64))
    throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
      ...{ id: 'of a file', field: 'threads', reason: 'is no number of threads' },
    })
  return most === 0 || disk !== systemDisk ? undefined : createJoinThreads(most)
}

interface Sources extends Pick<JoinOptions, 'currencies' | 'totals' | 'threads'> {
  readonly ours: OpenMovements
  readonly gateway: OpenMovements
  readonly name: string
  readonly disk: Disk
}

/** Pairs what names decide, in parts where the files are large, and reads the rest. */
async function decideByName(sources: Sources, options: ReconcileFilesOptions): Promise<Found> {
  const { ours, gateway, currencies, totals, name, disk, threads } = sources
  const { maximumMemory = 268_435_456, temporaryFolder, signal, onProgress } = options
  const found: Found = { pairs: new Map(), rest: { ours: [], gateway: [] } }
  const total = ours.size + gateway.size
  const counter = (phase: FilesProgress['phase']) => {
    let done = 0
    return (count: number): void => onProgress?.({ phase, done: (done += count), total })
  }
  const onBytes = counter('matching by name')
  const decide = async (left: OpenMovements, right: OpenMovements): Promise<void> => {
    const joined = await joinFiles(left, right, { currencies, totals, threads, signal, onBytes })
    addPairs(found.pairs, joined.pairs)
    const rest = await readRests(left, right, joined, { gateway: name, currencies, threads, signal })
    found.rest.ours.push(rest.ours)
    found.rest.gateway.push(rest.gateway)
  }
  const parts = partsFor(total * joinFactor, maximumMemory)
  if (parts === 1) {
    await decide(ours, gateway)
    return found
  }
  const folder = await makeTemporaryFolder(disk, {
    prefix: 'exprsn-reconcile-',
    ...(temporaryFolder === undefined ? {} : { within: temporaryFolder }),
  })
  const opened: OpenMovements[] = []
  try {
    const onParting = counter('parting')
    const part = { disk, folder, parts, currencies, signal, onBytes: onParting }
    const lefts = await partFile(ours, { ...part, name: 'ours' })
    opened.push(...lefts)
    const rights = await partFile(gateway, { ...part, name: 'gateway' })
    opened.push(...rights)
    for (let at = 0; at < parts; at++) await decide(lefts[at]!, rights[at]!)
  } finally {
    for (const { file } of opened) await file.close()
    await removeTree(disk, folder)
  }
  return found
}

function partsFor(bytes: number, maximum: number): number {
  let parts = 1
  while (parts < 256 && bytes / parts > maximum) parts *= 2
  return parts
}

async function withFiles<Result>(
  disk: Disk,
  options: ReconcileFilesOptions,
  work: (ours: OpenMovements, gateway: OpenMovements) => Promise<Result>,
): Promise<Result> {
  const ours = await openMovements(disk, options.ours)
  try {
    const gateway = await openMovements(disk, options.gateway)
    try {
      return await work(ours, gateway)
    } finally {
      await gateway.file.close()
    }
  } finally {
    await ours.file.close()
  }
}
