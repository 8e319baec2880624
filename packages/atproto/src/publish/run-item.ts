import type { Clock } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import { cidOf, encodeCbor, type DataObject } from '../codec/index.ts'
import { resolveMentions, type ResolveMention } from '../richtext/index.ts'
import { publishErrors } from './errors.ts'
import {
  firstPostgate,
  firstThreadgate,
  isGate,
  postgateOf,
  postgates,
  postOf,
  threadgateOf,
  threadgates,
} from './gate-records.ts'
import type { HeldItem } from './held-item.ts'
import type { PartRow } from './item-rows.ts'
import { judgeAnswer, type Judgement } from './judge-answer.ts'
import { sendOrGiveBack } from './never-sent.ts'
import { buildRecord } from './post-record.ts'
import type { StrongRef } from './post-draft.ts'
import type { PublishAccount, XrpcAnswer } from './publish-account.ts'
import type { ReadyMedia } from './publish-media.ts'
import { RefusedAnswer } from './refused-answer.ts'
import type { Wanted, WantedPart } from './wanted.ts'
import type { ReservedPoints, WriteBudget } from './write-budget.ts'

const mostRounds = 4
/** Writes of one `applyWrites`, and the bytes of all of them: a longer thread is written part by part. */
const mostWrites = 200
const mostBytes = 900_000

/** What a run works with. */
export interface RunContext {
  readonly account: PublishAccount
  readonly budget: WriteBudget
  readonly resolveMention: ResolveMention
  readonly media: RunMedia
  readonly clock: Clock
  /** Deletes a record again later, as what is still on its way may bring it back. */
  readonly sweep: (tx: Queryable, parts: readonly PartRow[]) => Promise<void>
  readonly signal: AbortSignal
}

/** The files of the item. */
export interface RunMedia {
  /** Prepares and uploads what is not there yet. */
  ready(wanted: Wanted, signal: AbortSignal): Promise<ReadonlyMap<string, ReadyMedia>>
  /** They are not there any more. */
  forget(media: Iterable<ReadyMedia>): Promise<void>
  /** The host takes files of so many bytes at most; false when that is no news. */
  narrow(bytes: number): boolean
}

/** How a run ended; faults that may pass are thrown. */
export type RunOutcome =
  | { readonly kind: 'published' | 'deleted' }
  | { readonly kind: 'parked'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly until: number; readonly reason: string }

/**
 * Makes the repository what is wanted of the item: puts what is missing or different, in the order of the thread, and deletes
 * what is not wanted any more, the last first. Every step is noted before it is sent and after it was answered, so that a run
 * that was cut off anywhere is gone on with by the next.
 */
export async function runItem(held: HeldItem, context: RunContext): Promise<RunOutcome> {
  return new ItemRun(held, context).run()
}

/** Ends the run before the item is as it is wanted; nobody outside sees it. */
class Stop extends Error {
  readonly outcome: RunOutcome

  constructor(outcome: RunOutcome) {
    super(outcome.kind)
    this.outcome = outcome
  }
}

class ItemRun {
  readonly #held: HeldItem
  readonly #context: RunContext

  constructor(held: HeldItem, context: RunContext) {
    this.#held = held
    this.#context = context
  }

  async run(): Promise<RunOutcome> {
    try {
      const { wanted } = this.#held.row
      const known = await this.#held.parts()
      await this.#removeOldPosts(known)
      if (wanted !== undefined) await this.#put(wanted, await this.#held.parts())
      await this.#remove(await this.#surplus(wanted?.parts.length ?? 0))
      return { kind: wanted === undefined ? 'deleted' : 'published' }
    } catch (error) {
      if (error instanceof Stop) return error.outcome
      if (error instanceof RefusedAnswer) return this.#judged(error.method, error.answer)
      throw error
    }
  }

  /** Posts that are made anew are deleted first: two of them must not stand side by side. So is what was being deleted. */
  #removeOldPosts(known: readonly PartRow[]): Promise<void> {
    const { generation } = this.#held.row
    return this.#remove(
      known.filter((part) => !part.removed && (part.generation !== generation || isGoing(part, known))),
    )
  }

  async #surplus(count: number): Promise<PartRow[]> {
    return (await this.#held.parts()).filter(({ removed, part }) => !removed && postOf(part) >= count)
  }

  /** Once more when the host has lost the files, or takes smaller ones only. */
  async #put(wanted: Wanted, known: readonly PartRow[]): Promise<void> {
    const { media, signal } = this.#context
    for (let round = 0; ; round++) {
      const ready = await media.ready(wanted, signal)
      try {
        return await this.#putAll(wanted, round === 0 ? known : await this.#held.parts(), ready)
      } catch (error) {
        if (!(error instanceof RefusedAnswer) || round >= mostRounds || ready.size === 0) throw error
        const { error: name, message } = error.answer.body
        const limit = Number(
          /(?:maximum|max)[^\d]{0,30}(\d{4,9})/i.exec(typeof message === 'string' ? message : '')?.[1],
        )
        if (name !== 'BlobNotFound' && !media.narrow(limit)) throw error
        await media.forget(ready.values())
      }
    }
  }

  async #putAll(
    wanted: Wanted,
    known: readonly PartRow[],
    ready: ReadonlyMap<string, ReadyMedia>,
    isTogether = wanted.thread === 'atomic',
  ): Promise<void> {
    const dids = await this.#resolve(wanted.parts)
    const posts = await this.#held.reserve(known, wanted.collection, wanted.parts.length, async (tx, old) => {
      if (old.sweepOwed) await this.#context.sweep(tx, [old])
    })
    const gates = await this.#reserveGates(wanted, posts)
    const build = (index: number, reply: Reply | undefined): DataObject => {
      const createdAt = this.#held.row.createdAt + index
      return buildRecord(wanted.parts[index]!, { createdAt, dids, reply, media: (name) => ready.get(name) })
    }
    if (isTogether) {
      const state = await this.#putTogether(wanted, posts, gates, build)
      if (state === 'written') return
      if (state === 'there') return this.#putAll(wanted, await this.#held.parts(), ready, false)
    }
    const thread = new Thread(wanted)
    for (const [index, row] of posts.entries()) {
      const cid = await this.#putPart(row, build(index, thread.reply), wanted)
      thread.add({ uri: this.#uri(row), cid: row.refCid ?? cid })
    }
    for (const row of gates) await this.#putPart(row, this.#gateOf(row, wanted, posts), wanted)
  }

  /** Gates that are wanted, and those that stand there and must say that all is allowed again. */
  async #reserveGates({ replies, quotes }: Wanted, posts: readonly PartRow[]): Promise<PartRow[]> {
    const known = await this.#held.parts()
    const { generation } = this.#held.row
    const stands = (part: number): boolean =>
      known.some((row) => row.part === part && row.generation === generation && !row.removed)
    const gates = []
    for (const [index, { rkey }] of posts.entries()) {
      if (index === 0 && (replies !== undefined || stands(firstThreadgate)))
        gates.push({ part: firstThreadgate, collection: threadgates, rkey })
      if (quotes === false || stands(firstPostgate + index))
        gates.push({ part: firstPostgate + index, collection: postgates, rkey })
    }
    return gates.length === 0 ? [] : this.#held.reserveGates(known, gates)
  }

  #gateOf({ part, collection }: PartRow, { replies, quotes = true }: Wanted, posts: readonly PartRow[]): DataObject {
    const post = this.#uri(posts[postOf(part)]!)
    const { createdAt } = this.#held.row
    return collection === threadgates ? threadgateOf(post, createdAt, replies) : postgateOf(post, createdAt, quotes)
  }

  /**
   * Writes a thread that is not there yet in one step, unless an earlier try has come about, or that is not to be had. A second
   * try of what has come about would be answered with 500, and so would an outage: the first record says which it was.
   */
  async #putTogether(
    wanted: Wanted,
    posts: readonly PartRow[],
    gates: readonly PartRow[],
    build: (index: number, reply: Reply | undefined) => DataObject,
  ): Promise<'written' | 'there' | 'apart'> {
    const rows = [...posts, ...gates]
    if (rows.length < 2 || rows.length > mostWrites || rows.some(({ cid }) => cid !== undefined)) return 'apart'
    const thread = new Thread(wanted)
    const records = posts.map((row, index) => {
      const record = build(index, thread.reply)
      thread.add({ uri: this.#uri(row), cid: cidOfRecord(record) })
      return record
    })
    for (const row of gates) records.push(this.#gateOf(row, wanted, posts))
    const writes = rows.map((row, index) => ({ row, record: records[index]!, cid: cidOfRecord(records[index]!) }))
    if (writes.reduce((bytes, { record }) => bytes + encodeCbor(record).length, 0) > mostBytes) return 'apart'
    const wasTried = rows.some(({ tried }) => tried.length > 0)
    if (wasTried && (await this.#current(rows[0]!)) !== undefined && (await this.#takeOver(writes))) return 'there'
    const method = 'com.atproto.repo.applyWrites'
    const reserved = await this.#begin('create', (tx) => this.#triedAll(tx, writes), writes.length)
    const answer = await this.#write(method, reserved, {
      repo: this.#context.account.did,
      writes: writes.map(({ row: { collection, rkey }, record }) => ({
        $type: `${method}#create`,
        collection,
        rkey,
        value: record,
      })),
    })
    // Others may have deleted the first since.
    if (answer.status >= 500 && (await this.#takeOver(writes))) return 'there'
    if (answer.status !== 200) throw new RefusedAnswer(method, answer)
    const results = (answer.body.results ?? []) as readonly DataObject[]
    for (const [index, { row, cid }] of writes.entries()) this.#checkStored(row, results[index]?.cid, cid)
    await this.#held.confirmAll(writes, (tx) => this.#context.budget.settle(tx, reserved, answer))
    return 'written'
  }

  /** Takes over what stands there of a thread; false when nothing does. */
  async #takeOver(writes: readonly { readonly row: PartRow; readonly cid: string }[]): Promise<boolean> {
    let stands = false
    for (const { row, cid } of writes) {
      const current = await this.#current(row)
      stands ||= current !== undefined
      if (current === cid) await this.#held.confirmAll([{ row, cid }], async () => undefined)
      else if (current !== undefined && row.tried.includes(current)) await this.#held.adoptReferred(row, current)
    }
    return stands
  }

  async #triedAll(tx: Queryable, writes: readonly { readonly row: PartRow; readonly cid: string }[]): Promise<void> {
    for (const { row, cid } of writes) await this.#held.tried(tx, row, cid)
  }

  async #resolve(parts: readonly WantedPart[]): Promise<ReadonlyMap<string, string>> {
    const { resolveMention, signal } = this.#context
    const spans = parts.flatMap((part) => (part.kind === 'post' ? part.content.spans : []))
    return resolveMentions(spans, resolveMention, { signal })
  }

  /** Writes a record unless it stands there. */
  async #putPart(row: PartRow, record: DataObject, { conflict }: Wanted): Promise<string> {
    const cid = cidOfRecord(record)
    let base = row.cid
    if (base === cid && row.tried.length === 0) return cid
    // What was sent before, and may have arrived, comes first.
    if (row.tried.some((tried) => tried !== cid)) {
      base = await this.#current(row)
      if (!isOwn(row, base, cid) && !this.#mayOverwrite(conflict, base)) return this.#keep(row, base, cid)
      await this.#held.adopt(row, base)
    }
    for (let round = 0; round < mostRounds; round++) {
      const reserved = await this.#begin('put', (tx) => this.#held.tried(tx, row, cid))
      const input = { ...this.#address(row), record, swapRecord: base ?? null }
      const answer = await this.#write('com.atproto.repo.putRecord', reserved, input)
      if (answer.status === 200) {
        this.#checkStored(row, answer.body.cid, cid)
        await this.#held.confirm(row, cid, (tx) => this.#context.budget.settle(tx, reserved, answer))
        return cid
      }
      if (answer.body.error !== 'InvalidSwap') throw new RefusedAnswer('com.atproto.repo.putRecord', answer)
      base = await this.#current(row)
      if (!isOwn(row, base, cid) && !this.#mayOverwrite(conflict, base)) return this.#keep(row, base, cid)
    }
    throw publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method: 'putRecord', status: 400, error: 'InvalidSwap' })
  }

  #mayOverwrite(conflict: Wanted['conflict'], current: string | undefined): boolean {
    if (conflict !== 'manual') return conflict === 'local-wins'
    const what = current === undefined ? 'deleted' : `changed, to ${current},`
    throw new Stop({ kind: 'parked', reason: `conflict: the record was ${what} by another` })
  }

  /** Takes what another has written for what is known; the next edit builds on it. */
  async #keep(row: PartRow, current: string | undefined, cid: string): Promise<string> {
    await this.#held.adopt(row, current)
    return current ?? cid
  }

  #checkStored(row: PartRow, stored: unknown, expected: string): void {
    const cid = String(stored)
    if (cid === expected) return
    const { message } = publishErrors.ATPROTO_PUBLISH_CHANGED({ uri: this.#uri(row), cid, expected })
    throw new Stop({ kind: 'parked', reason: message })
  }

  /** Answers first: a post without what it answers is taken out of its thread. */
  async #remove(parts: readonly PartRow[]): Promise<void> {
    const posts = parts.filter(({ part }) => !isGate(part))
    const gates = parts.filter(({ part }) => isGate(part))
    for (const row of [...posts.toReversed(), ...gates]) {
      if (row.cid !== undefined || row.tried.length > 0) {
        const reserved = await this.#begin('delete', (tx) => this.#held.removing(tx, row))
        const answer = await this.#write('com.atproto.repo.deleteRecord', reserved, this.#address(row))
        if (answer.status !== 200) throw new RefusedAnswer('com.atproto.repo.deleteRecord', answer)
        await this.#held.removed(row, (tx) => this.#context.budget.settle(tx, reserved, answer))
      } else await this.#held.removed(row, async () => undefined)
    }
  }

  /** Reserves points and notes what is about to be done, in one transaction. */
  async #begin(
    action: 'create' | 'put' | 'delete',
    note: (tx: Queryable) => Promise<unknown>,
    count = 1,
  ): Promise<ReservedPoints> {
    const taken = await this.#held.change(async (tx) => {
      const answer = await this.#context.budget.take(tx, action, count)
      if ('reserved' in answer) await note(tx)
      return answer
    })
    if ('reserved' in taken) return taken.reserved
    throw new Stop({ kind: 'waiting', until: taken.waitUntil, reason: 'the rate limit of the host is used up' })
  }

  /** Sends what was noted. The points of what was refused are settled at once, those of what was done together with it. */
  async #write(method: string, reserved: ReservedPoints, input: DataObject): Promise<XrpcAnswer> {
    const { account, budget, signal } = this.#context
    signal.throwIfAborted()
    const { mapping, id, version } = this.#held.row
    const answer = await sendOrGiveBack(
      () => account.call(method, { input, item: { mapping, id, version }, signal }),
      () => this.#held.change((tx) => budget.giveBack(tx, reserved)),
    )
    if (answer.status !== 200) await this.#held.change((tx) => budget.settle(tx, reserved, answer))
    return answer
  }

  async #current(row: PartRow): Promise<string | undefined> {
    const { account, signal } = this.#context
    const { collection, rkey } = row
    const params = { repo: account.did, collection, rkey }
    const answer = await account.call('com.atproto.repo.getRecord', { params, signal })
    if (answer.status === 200 && typeof answer.body.cid === 'string') return answer.body.cid
    if (answer.body.error === 'RecordNotFound') return undefined
    throw new RefusedAnswer('com.atproto.repo.getRecord', answer)
  }

  #judged(method: string, answer: XrpcAnswer): RunOutcome {
    const judgement: Judgement = judgeAnswer(method, answer, this.#context.clock)
    if (judgement.kind === 'retry') throw judgement.error
    if (judgement.kind === 'park') return { kind: 'parked', reason: judgement.reason }
    return { kind: 'waiting', until: judgement.until, reason: judgement.reason }
  }

  #address({ collection, rkey }: PartRow): DataObject {
    return { repo: this.#context.account.did, collection, rkey }
  }

  #uri({ collection, rkey }: PartRow): string {
    return `at://${this.#context.account.did}/${collection}/${rkey}`
  }
}

interface Reply {
  readonly root: StrongRef
  readonly parent: StrongRef
}

/** What the next post of a thread answers. */
class Thread {
  readonly #given: StrongRef | undefined
  reply: Reply | undefined

  constructor({ parts: [first] }: Wanted) {
    this.#given = first?.kind === 'post' ? first.settings.reply?.root : undefined
  }

  add(post: StrongRef): void {
    this.reply = { root: this.#given ?? this.reply?.root ?? post, parent: post }
  }
}

function cidOfRecord(record: DataObject): string {
  return String(cidOf('dag-cbor', encodeCbor(record)))
}

/** Whether a deletion of it has begun, or, of a gate, one of its post. */
function isGoing(row: PartRow, known: readonly PartRow[]): boolean {
  if (!isGate(row.part)) return row.removing
  const post = known.find(({ part, generation }) => part === postOf(row.part) && generation === row.generation)
  return row.removing || post === undefined || post.removing || post.removed
}

/** Whether what the host has is what was known, sent, or is about to be sent. */
function isOwn(row: PartRow, current: string | undefined, cid: string): boolean {
  return current === row.cid || current === cid || (current !== undefined && row.tried.includes(current))
}
