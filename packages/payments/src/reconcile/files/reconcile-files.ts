import { makeTemporaryFolder, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import type { Item } from '../items/item.ts'
import { makeReport } from '../make-report.ts'
import { scores, type Match } from '../match/edge.ts'
import { matchLeg } from '../match/match-leg.ts'
import { checkRules, type ReconcileRules } from '../rules.ts'
import type { ExactPairs, FilesReport } from './files-report.ts'
import { joinFactor, joinFiles, type JoinOptions, type RowTotals } from './join-files.ts'
import type { MovementsFile } from './movements-file.ts'
import { Currencies, openMovements, type OpenMovements } from './open-movements.ts'
import { partFile } from './part-files.ts'
import { readRest } from './read-rest.ts'

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
  const name = options.gateway.name ?? 'gateway'
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name) || name === 'ours' || name === 'bank')
    throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
      ...{ id: name, field: 'name', reason: 'is no name of a gateway' },
    })
  const rules = checkRules(options.rules ?? {}, [name])
  const currencies = new Currencies()
  const totals: RowTotals = { ours: 0, gateway: 0, newestDay: 0, fingerprint: new Int32Array(2) }
  const found = await withFiles(disk, options, (ours, gateway) =>
    decideByName({ ours, gateway, currencies, totals, name, disk }, options),
  )
  const exact = currencies.codes.flatMap((currency, at): ExactPairs[] =>
    (found.pairs[at] ?? 0) === 0 ? [] : [{ pairs: found.pairs[at]!, sum: { amount: found.sums[at]!, currency } }],
  )
  exact.sort((a, b) => (a.sum.currency < b.sum.currency ? -1 : 1))
  const { items, repeated } = unique(found.items)
  const { matches, open } = matchLeg(items, rules)
  const print = [...totals.fingerprint].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
  const stands = exact.map((each) => standFor(each, name, totals.newestDay, print))
  const { payouts: _, ...report } = makeReport({
    items: unique([...items, ...stands.flatMap(({ pair }) => pair)]).items,
    matches: [...matches, ...stands.map(({ match }) => match)],
    open,
    repeated,
    rules: canonical(rules),
    asOf: asOf === undefined ? totals.newestDay : Math.floor(asOf.getTime() / 86_400_000),
  })
  return { ...report, rows: { ours: totals.ours, gateway: totals.gateway }, exact }
}

interface Found {
  readonly pairs: Float64Array
  readonly sums: bigint[]
  readonly items: Item[]
}

interface Sources extends Pick<JoinOptions, 'currencies' | 'totals'> {
  readonly ours: OpenMovements
  readonly gateway: OpenMovements
  readonly name: string
  readonly disk: Disk
}

/** Pairs what names decide, in parts where the files are large, and reads the rest. */
async function decideByName(sources: Sources, options: ReconcileFilesOptions): Promise<Found> {
  const { ours, gateway, currencies, totals, name, disk } = sources
  const { maximumMemory = 268_435_456, temporaryFolder, signal, onProgress } = options
  const found: Found = { pairs: new Float64Array(256), sums: [], items: [] }
  const total = ours.size + gateway.size
  const counter = (phase: FilesProgress['phase']) => {
    let done = 0
    return (count: number): void => onProgress?.({ phase, done: (done += count), total })
  }
  const onBytes = counter('matching by name')
  const decide = async (left: OpenMovements, right: OpenMovements): Promise<void> => {
    const joined = await joinFiles(left, right, { currencies, totals, signal, onBytes })
    for (const [at, sum] of joined.sums.entries())
      if (sum !== undefined) {
        found.pairs[at]! += joined.pairs[at]!
        found.sums[at] = (found.sums[at] ?? 0n) + sum
      }
    const side = { gateway: name, currencies }
    for (const item of await readRest(left, joined.left, { ...side, side: 'ours' })) found.items.push(item)
    for (const item of await readRest(right, joined.right, { ...side, side: 'gateway' })) found.items.push(item)
  }
  const parts = partsFor(ours.size * joinFactor, maximumMemory)
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

/** Every item once, sorted. @throws `PAYMENTS_RECONCILE_CONFLICT` */
function unique(items: Item[]): { readonly items: readonly Item[]; readonly repeated: readonly string[] } {
  items.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const repeated: string[] = []
  const kept = items.filter((item, at) => {
    const before = items[at - 1]
    if (before?.id !== item.id) return true
    if (canonical(before) !== canonical(item)) throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id: item.id })
    if (repeated.at(-1) !== item.id) repeated.push(item.id)
    return false
  })
  return { items: kept, repeated }
}

/** Two items and a match that stand for all pairs of a currency. */
function standFor({ pairs, sum }: ExactPairs, gateway: string, day: number, print: string) {
  const none = { fee: 0n, day, keys: [], groups: [], tokens: [print], gateways: [gateway], name: undefined }
  const item = (side: 'ours' | 'gateway'): Item => ({
    ...{ id: `${side === 'ours' ? 'ours' : gateway}:*${sum.currency}`, side, amount: sum, ...none },
    ...{ kind: sum.amount < 0n ? 'refund' : 'charge', original: undefined, reversal: false, payout: undefined },
  })
  const pair = [item('ours'), item('gateway')] as const
  const match: Match = {
    ...{ rule: 'key', score: scores.key, left: [pair[0].id], right: [pair[1].id] },
    evidence: `${pairs} pairs, each with a name that no other row has`,
  }
  return { pair, match }
}
