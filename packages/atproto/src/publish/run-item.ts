import type { Clock } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import { cidOf, encodeCbor, type DataObject } from '../codec/index.ts'
import { resolveMentions, type ResolveMention } from '../richtext/index.ts'
import { publishErrors } from './errors.ts'
import type { HeldItem } from './held-item.ts'
import type { PartRow } from './item-rows.ts'
import { judgeAnswer, type Judgement } from './judge-answer.ts'
import { buildRecord } from './post-record.ts'
import type { StrongRef } from './post-draft.ts'
import type { PublishAccount, XrpcAnswer } from './publish-account.ts'
import type { Wanted, WantedPart } from './wanted.ts'
import type { WriteBudget } from './write-budget.ts'

const mostRounds = 4

/** What a run works with. */
export interface RunContext {
  readonly account: PublishAccount
  readonly budget: WriteBudget
  readonly resolveMention: ResolveMention
  readonly clock: Clock
  /** Deletes a record again later, as what is still on its way may bring it back. */
  readonly sweep: (tx: Queryable, parts: readonly PartRow[]) => Promise<void>
  readonly signal: AbortSignal
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
      throw error
    }
  }

  /** Posts that are made anew are deleted first: two of them must not stand side by side. So is what was being deleted. */
  #removeOldPosts(known: readonly PartRow[]): Promise<void> {
    const { generation } = this.#held.row
    return this.#remove(known.filter((part) => !part.removed && (part.generation !== generation || part.removing)))
  }

  async #surplus(count: number): Promise<PartRow[]> {
    return (await this.#held.parts()).filter(({ removed, part }) => !removed && part >= count)
  }

  async #put(wanted: Wanted, known: readonly PartRow[]): Promise<void> {
    const dids = await this.#resolve(wanted.parts)
    const rows = await this.#held.reserve(known, wanted.collection, wanted.parts.length, async (tx, old) => {
      if (old.sweepOwed) await this.#context.sweep(tx, [old])
    })
    let root: StrongRef | undefined
    let parent: StrongRef | undefined
    for (const [index, part] of wanted.parts.entries()) {
      const row = rows[index]!
      const given = part.kind === 'post' ? wanted.parts[0] : undefined
      const first = given?.kind === 'post' ? given.settings.reply?.root : undefined
      const reply = parent === undefined ? undefined : { root: first ?? root!, parent }
      const createdAt = this.#held.row.createdAt + index
      const record = buildRecord(part, { createdAt, dids, reply })
      const cid = await this.#putPart(row, record, wanted)
      parent = { uri: this.#uri(row), cid: row.refCid ?? cid }
      root ??= parent
    }
  }

  async #resolve(parts: readonly WantedPart[]): Promise<ReadonlyMap<string, string>> {
    const { resolveMention, signal } = this.#context
    const spans = parts.flatMap((part) => (part.kind === 'post' ? part.content.spans : []))
    return resolveMentions(spans, resolveMention, { signal })
  }

  /** Writes a record unless it stands there. */
  async #putPart(row: PartRow, record: DataObject, { conflict }: Wanted): Promise<string> {
    const cid = String(cidOf('dag-cbor', encodeCbor(record)))
    let base = row.cid
    if (base === cid && row.tried.length === 0) return cid
    // What was sent before, and may have arrived, comes first.
    if (row.tried.some((tried) => tried !== cid)) {
      base = await this.#current(row)
      if (!isOwn(row, base, cid) && !this.#mayOverwrite(conflict, base)) return this.#keep(row, base, cid)
      await this.#held.adopt(row, base)
    }
    for (let round = 0; round < mostRounds; round++) {
      await this.#begin('put', (tx) => this.#held.tried(tx, row, cid))
      const input = { ...this.#address(row), record, swapRecord: base ?? null }
      const answer = await this.#call('com.atproto.repo.putRecord', input)
      if (answer.status === 200) {
        await this.#confirm(row, cid, answer)
        return cid
      }
      if (answer.body.error !== 'InvalidSwap') return this.#giveUp('com.atproto.repo.putRecord', answer)
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

  async #confirm(row: PartRow, expected: string, { body, headers }: XrpcAnswer): Promise<void> {
    const cid = typeof body.cid === 'string' ? body.cid : ''
    if (cid !== expected) {
      const { message } = publishErrors.ATPROTO_PUBLISH_CHANGED({ uri: this.#uri(row), cid, expected })
      throw new Stop({ kind: 'parked', reason: message })
    }
    await this.#held.confirm(row, cid, (tx) => this.#context.budget.correct(tx, headers))
  }

  /** Answers first: a post without what it answers is taken out of its thread. */
  async #remove(parts: readonly PartRow[]): Promise<void> {
    for (const row of parts.toReversed()) {
      if (row.cid !== undefined || row.tried.length > 0) {
        await this.#begin('delete', (tx) => this.#held.removing(tx, row))
        const answer = await this.#call('com.atproto.repo.deleteRecord', this.#address(row))
        if (answer.status !== 200) this.#giveUp('com.atproto.repo.deleteRecord', answer)
        await this.#held.removed(row, (tx) => this.#context.budget.correct(tx, answer.headers))
      } else await this.#held.removed(row, async () => undefined)
    }
  }

  /** Takes points and notes what is about to be done, in one transaction. */
  async #begin(action: 'put' | 'delete', note: (tx: Queryable) => Promise<unknown>): Promise<void> {
    const { waitUntil } = await this.#held.change(async (tx) => {
      const taken = await this.#context.budget.take(tx, action)
      if (taken.waitUntil === undefined) await note(tx)
      return taken
    })
    if (waitUntil !== undefined)
      throw new Stop({ kind: 'waiting', until: waitUntil, reason: 'the rate limit of the host is used up' })
  }

  async #current(row: PartRow): Promise<string | undefined> {
    const { account, signal } = this.#context
    const { collection, rkey } = row
    const params = { repo: account.did, collection, rkey }
    const answer = await account.call('com.atproto.repo.getRecord', { params, signal })
    if (answer.status === 200 && typeof answer.body.cid === 'string') return answer.body.cid
    if (answer.body.error === 'RecordNotFound') return undefined
    return this.#giveUp('com.atproto.repo.getRecord', answer)
  }

  #call(method: string, input: DataObject): Promise<XrpcAnswer> {
    const { account, signal } = this.#context
    signal.throwIfAborted()
    const { mapping, id, version } = this.#held.row
    return account.call(method, { input, item: { mapping, id, version }, signal })
  }

  #giveUp(method: string, answer: XrpcAnswer): never {
    const judgement: Judgement = judgeAnswer(method, answer, this.#context.clock)
    if (judgement.kind === 'retry') throw judgement.error
    if (judgement.kind === 'park') throw new Stop({ kind: 'parked', reason: judgement.reason })
    throw new Stop({ kind: 'waiting', until: judgement.until, reason: judgement.reason })
  }

  #address({ collection, rkey }: PartRow): DataObject {
    return { repo: this.#context.account.did, collection, rkey }
  }

  #uri({ collection, rkey }: PartRow): string {
    return `at://${this.#context.account.did}/${collection}/${rkey}`
  }
}

/** Whether what the host has is what was known, sent, or is about to be sent. */
function isOwn(row: PartRow, current: string | undefined, cid: string): boolean {
  return current === row.cid || current === cid || (current !== undefined && row.tried.includes(current))
}
