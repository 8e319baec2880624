import { tableNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { decodeJson, encodeJson } from '../../payments/stored-json.ts'
import { caseOf, type StoredCase } from '../case/dispute-case.ts'
import type { CaseStatus } from '../case/case-status.ts'
import type { HistoricPurchase } from '../compelling/find-compelling.ts'
import type { Purchase } from '../compelling/purchase.ts'
import type { CasesQuery, DisputeEvent } from '../disputes.ts'

interface CaseRow {
  readonly content: string
}

interface PurchaseRow {
  readonly content: string
  readonly disputed: number | bigint
}

/** Every statement of disputes. Each method takes the database or a transaction. */
export type DisputeStore = ReturnType<typeof disputeStore>

/** Reads and writes the tables of disputes. */
export function disputeStore(dialect: Queryable['dialect'], naming: MigrationNaming) {
  const { table } = tableNames(dialect, naming)
  const [cases, events, purchases] = [table('dispute_cases'), table('dispute_events'), table('dispute_purchases')]
  const lock = dialect === 'postgres' ? ' for update' : ''
  const read = ({ content }: CaseRow): StoredCase => decodeJson<StoredCase>(content)

  return {
    async find(tx: Queryable, id: string): Promise<StoredCase | undefined> {
      const { rows } = await tx.query<CaseRow & Record<string, string>>(`select content from ${cases} where id = $1`, [
        id,
      ])
      return rows[0] && read(rows[0])
    },
    async lock(tx: Queryable, id: string): Promise<StoredCase | undefined> {
      const { rows } = await tx.query<CaseRow & Record<string, string>>(
        `select content from ${cases} where id = $1${lock}`,
        [id],
      )
      return rows[0] && read(rows[0])
    },
    /** False when somebody else made it meanwhile. */
    async insert(tx: Queryable, stored: StoredCase, now: number, tellAt: number | undefined): Promise<boolean> {
      const { count } = await tx.query(
        `insert into ${cases} (id, gateway, payment, status, family, opened_at, due_by, underway, tell_at, content)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
        valuesOf(stored, now, tellAt),
      )
      return count === 1
    },
    update: (tx: Queryable, stored: StoredCase, now: number, tellAt: number | undefined) =>
      tx.query(
        `update ${cases} set gateway = $2, payment = $3, status = $4, family = $5, opened_at = $6, due_by = $7,
          underway = $8, tell_at = $9, content = $10 where id = $1`,
        valuesOf(stored, now, tellAt),
      ),
    async addEvent(
      tx: Queryable,
      id: string,
      event: Omit<DisputeEvent, 'at'> & { readonly at: number },
    ): Promise<void> {
      const { action, status, stage, actor, note, at } = event
      const { rows } = await tx.query<{ last: number | bigint | null }>(
        `select max(sequence) as last from ${events} where dispute = $1`,
        [id],
      )
      await tx.query(
        `insert into ${events} (dispute, sequence, action, status, stage, actor, note, at)
          values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [id, Number(rows[0]!.last ?? 0) + 1, action, status, stage, actor, note, at],
      )
    },
    async eventsOf(tx: Queryable, id: string): Promise<readonly DisputeEvent[]> {
      const { rows } = await tx.query<Omit<DisputeEvent, 'at'> & { readonly at: number } & Record<string, never>>(
        `select action, status, stage, actor, note, at from ${events} where dispute = $1 order by sequence`,
        [id],
      )
      return rows.map(({ at, ...event }) => ({ ...event, at: new Date(at) }))
    },
    /**
     * The cases after one, by identifier. What waits for evidence is stored as such: whether it has expired the time says, at
     * the moment of the question.
     */
    async list(tx: Queryable, query: CasesQuery, now: number): Promise<readonly StoredCase[]> {
      const { status, gateway, payment, after = '', limit = 100 } = query
      const stored = status === 'expired' ? 'evidence_due' : status
      const { rows } = await tx.query<CaseRow & Record<string, string>>(
        `select content from ${cases} where id > $1 and ($2 = '' or status = $2) and ($3 = '' or gateway = $3)
          and ($4 = '' or payment = $4) and ($5 = 0 or due_by > $6) and ($7 = 0 or due_by <= $6) order by id limit $8`,
        [
          after,
          stored ?? '',
          gateway ?? '',
          payment ?? '',
          status === 'evidence_due' ? 1 : 0,
          now,
          status === 'expired' ? 1 : 0,
          Math.min(Math.max(1, Math.floor(limit)), 1_000),
        ],
      )
      return rows.map(read)
    },
    async toTell(tx: Queryable, now: number, limit: number): Promise<readonly string[]> {
      const { rows } = await tx.query<{ id: string }>(
        `select id from ${cases} where tell_at is not null and tell_at <= $1 order by tell_at, id limit $2`,
        [now, limit],
      )
      return rows.map(({ id }) => id)
    },
    async underway(tx: Queryable, limit: number): Promise<readonly string[]> {
      const { rows } = await tx.query<{ id: string }>(
        `select id from ${cases} where underway = 1 order by id limit $1`,
        [limit],
      )
      return rows.map(({ id }) => id)
    },

    /** What is remembered first holds: what comes later is no evidence of what was then. */
    rememberPurchase: (tx: Queryable, purchase: Purchase) =>
      tx.query(
        `insert into ${purchases} (payment, credential, at, content) values ($1, $2, $3, $4) on conflict do nothing`,
        [purchase.payment, purchase.credential, purchase.at.getTime(), encodeJson(purchase)],
      ),
    async purchase(tx: Queryable, payment: string): Promise<Purchase | undefined> {
      const { rows } = await tx.query<CaseRow & Record<string, string>>(
        `select content from ${purchases} where payment = $1`,
        [payment],
      )
      return rows[0] && decodeJson<Purchase>(rows[0].content)
    },
    /** Purchases by one card in a span of time, and whether anybody disputed them. */
    async purchasesBy(
      tx: Queryable,
      credential: string,
      from: number,
      to: number,
    ): Promise<readonly HistoricPurchase[]> {
      const { rows } = await tx.query<PurchaseRow & Record<string, string | number>>(
        `select p.content, (select count(*) from ${cases} as c where c.payment = p.payment) as disputed
          from ${purchases} as p where p.credential = $1 and p.at >= $2 and p.at <= $3 order by p.at desc, p.payment limit 500`,
        [credential, from, to],
      )
      return rows.map(({ content, disputed }) => ({ ...decodeJson<Purchase>(content), disputed: Number(disputed) > 0 }))
    },
    async forgetPurchases(tx: Queryable, before: number): Promise<number> {
      return (await tx.query(`delete from ${purchases} where at < $1`, [before])).count
    },
  }
}

/** `expired` is never stored: it comes with the time. */
function valuesOf(stored: StoredCase, now: number, tellAt: number | undefined) {
  const { id, gateway, payment, status, family, openedAt, dueBy } = caseOf(stored, now)
  const kept: CaseStatus = status === 'expired' ? 'evidence_due' : status
  return [
    ...[id, gateway, payment, kept, family, openedAt.getTime()],
    ...[dueBy?.getTime() ?? null, stored.intent === undefined ? 0 : 1, tellAt ?? null, encodeJson(stored)],
  ]
}
