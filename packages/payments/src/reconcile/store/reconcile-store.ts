import { tableNames, type MigrationNaming, type Queryable, type SqlValue } from '@exprsn/core/database'
import { decodeJson, encodeJson } from '../../payments/stored-json.ts'
import type { BankStatement } from '../../statement/bank-statement.ts'
import type { Item } from '../items/item.ts'
import type { Edge, ExceptionReason, Match, MatchRule } from '../match/edge.ts'
import { scores } from '../match/edge.ts'
import { matchId } from '../make-report.ts'
import { certainLinks, reachOf, restLinks } from './item-links.ts'

/** How an item stands: decided by names, by evidence, contradicted, or taken out of matching by people. */
export type Stage = 'certain' | 'rest' | 'conflict' | 'held'

/** An item as it is kept. */
export interface StoredItem {
  readonly item: Item
  readonly stage: Stage
  readonly reason: ExceptionReason | 'written_off' | 'proposed' | undefined
  readonly candidates: readonly Edge[]
  readonly assignee: string | undefined
}

/** A match as it is kept. */
export interface StoredMatch extends Match {
  readonly id: string
  readonly state: 'made' | 'proposed'
  readonly actor: string | undefined
}

interface ItemRow {
  readonly id: string
  readonly content: string
  readonly stage: Stage
  readonly reason: StoredItem['reason'] | null
  readonly candidates: string | null
  readonly assignee: string | null
}

interface MatchRow {
  readonly id: string
  readonly rule: MatchRule
  readonly evidence: string
  readonly state: 'made' | 'proposed'
  readonly actor: string | null
  readonly item: string
  readonly side: 'left' | 'right'
}

const most = 400

/** Every statement of a reconciliation. Each method takes the database or a transaction. */
export type ReconcileStore = ReturnType<typeof reconcileStore>

/** Reads and writes the tables of a reconciliation. */
export function reconcileStore(dialect: Queryable['dialect'], naming: MigrationNaming) {
  const { table } = tableNames(dialect, naming)
  const [items, links, matches, members] = ['items', 'links', 'matches', 'match_items'].map((name) =>
    table(`reconcile_${name}`),
  ) as [string, string, string, string]
  const [statements, statementLinks, events, head] = ['statements', 'statement_links', 'events', 'head'].map((name) =>
    table(`reconcile_${name}`),
  ) as [string, string, string, string]

  /** Runs a query for values in portions that every engine takes. */
  async function inPortions<Row>(
    tx: Queryable,
    values: readonly string[],
    text: (list: string) => string,
  ): Promise<Row[]> {
    const rows: Row[] = []
    for (let at = 0; at < values.length; at += most) {
      const part = values.slice(at, at + most)
      const list = part.map((_, index) => `$${index + 1}`).join(', ')
      rows.push(...(await tx.query<Row>(text(list), part)).rows)
    }
    return rows
  }

  /** Writes rows of the same width in portions. */
  async function insertRows(
    tx: Queryable,
    into: string,
    rows: readonly (readonly SqlValue[])[],
    suffix = '',
  ): Promise<void> {
    const width = rows[0]?.length ?? 1
    const portion = Math.max(1, Math.floor(most / width))
    for (let at = 0; at < rows.length; at += portion) {
      const part = rows.slice(at, at + portion)
      const places = part.map(
        (row, index) => `(${row.map((_, column) => `$${index * width + column + 1}`).join(', ')})`,
      )
      await tx.query(`insert into ${into} values ${places.join(', ')}${suffix}`, part.flat())
    }
  }

  const matchRows = `select m.id, m.rule, m.evidence, m.state, m.actor, i.item, i.side
    from ${matches} as m join ${members} as i on i.match = m.id`

  return {
    /** Lets one at a time decide; the lock ends with the transaction. */
    lock: (tx: Queryable) => tx.query(`update ${head} set sequence = sequence where id = 1`),

    async items(tx: Queryable, ids: readonly string[]): Promise<StoredItem[]> {
      const rows = await inPortions<ItemRow>(tx, ids, (list) => `select * from ${items} where id in (${list})`)
      return rows.map(storedItem)
    },
    async allItems(tx: Queryable): Promise<StoredItem[]> {
      const { rows } = await tx.query<ItemRow>(`select * from ${items}`)
      return rows.map(storedItem)
    },
    /** The open items after one, in their order. */
    async openItems(
      tx: Queryable,
      {
        after,
        limit,
        reason,
        assignee,
      }: { after: string; limit: number; reason?: string | undefined; assignee?: string | undefined },
    ): Promise<StoredItem[]> {
      const { rows } = await tx.query<ItemRow>(
        `select * from ${items} where reason is not null and id > $1 and ($3 = '' or reason = $3)
          and ($4 = '' or assignee = $4) order by id limit $2`,
        [after, limit, reason ?? '', assignee ?? ''],
      )
      return rows.map(storedItem)
    },
    async insertItems(tx: Queryable, added: readonly Item[]): Promise<void> {
      await insertRows(
        tx,
        `${items} (id, content, stage)`,
        added.map((item) => [item.id, encodeJson(item), 'rest']),
      )
      const names = added.flatMap((item) => [...certainLinks(item), ...restLinks(item)].map((name) => [name, item.id]))
      await insertRows(tx, links, names)
    },
    async removeItems(tx: Queryable, ids: readonly string[]): Promise<void> {
      for (const id of ids) {
        await tx.query(`delete from ${links} where item = $1`, [id])
        await tx.query(`delete from ${items} where id = $1`, [id])
      }
    },
    async setItem(
      tx: Queryable,
      id: string,
      {
        stage,
        reason,
        candidates = [],
      }: { stage: Stage; reason?: StoredItem['reason'] | undefined; candidates?: readonly Edge[] | undefined },
    ): Promise<void> {
      const found = candidates.length === 0 ? null : encodeJson(candidates)
      await tx.query(`update ${items} set stage = $2, reason = $3, candidates = $4 where id = $1`, [
        ...[id, stage, reason ?? null, found],
      ])
    },
    assign: (tx: Queryable, id: string, assignee: string | undefined) =>
      tx.query(`update ${items} set assignee = $2 where id = $1`, [id, assignee ?? null]),
    /** The items that some names tie; see `reachOf`. */
    async linked(tx: Queryable, given: readonly string[]): Promise<string[]> {
      const { names, beginnings } = reachOf(given)
      const rows = await inPortions<{ item: string }>(
        tx,
        names,
        (list) => `select distinct item from ${links} where name in (${list})`,
      )
      for (let at = 0; at < beginnings.length; at += most / 2) {
        const part = beginnings.slice(at, at + most / 2)
        const values = part.map((_, index) => `($${2 * index + 1}, $${2 * index + 2})`).join(', ')
        // Beyond a name and a tilde stands nothing that begins with it: names are letters and digits.
        const { rows: longer } = await tx.query<{ item: string }>(
          `select distinct l.item from (values ${values}) as r
            join ${links} as l on l.name > r.column1 and l.name < r.column2`,
          part.flatMap((name) => [name, `${name}~`]),
        )
        rows.push(...longer)
      }
      return [...new Set(rows.map(({ item }) => item))]
    },

    async matchesOf(tx: Queryable, ids: readonly string[]): Promise<StoredMatch[]> {
      const rows = await inPortions<MatchRow>(
        tx,
        ids,
        (list) => `${matchRows} where m.id in (select match from ${members} where item in (${list}))`,
      )
      return storedMatches(rows)
    },
    async match(tx: Queryable, id: string): Promise<StoredMatch | undefined> {
      return storedMatches((await tx.query<MatchRow>(`${matchRows} where m.id = $1`, [id])).rows)[0]
    },
    async allMatches(tx: Queryable): Promise<StoredMatch[]> {
      return storedMatches((await tx.query<MatchRow>(matchRows)).rows)
    },
    async insertMatches(
      tx: Queryable,
      made: readonly Match[],
      { state = 'made', actor }: { state?: 'made' | 'proposed'; actor?: string | undefined } = {},
    ): Promise<void> {
      await insertRows(
        tx,
        `${matches} (id, rule, evidence, state, actor)`,
        made.map((match) => [matchId(match), match.rule, match.evidence, state, actor ?? null]),
      )
      const sides = made.flatMap((match) => [
        ...match.left.map((item) => [item, matchId(match), 'left']),
        ...match.right.map((item) => [item, matchId(match), 'right']),
      ])
      await insertRows(tx, `${members} (item, match, side)`, sides)
    },
    async removeMatch(tx: Queryable, id: string): Promise<void> {
      await tx.query(`delete from ${members} where match = $1`, [id])
      await tx.query(`delete from ${matches} where id = $1`, [id])
    },
    approve: (tx: Queryable, id: string, actor: string) =>
      tx.query(`update ${matches} set state = 'made', actor = $2 where id = $1`, [id, actor]),

    /** Keeps a statement under all names that others may share with it; false when it is there already. */
    async insertStatement(
      tx: Queryable,
      name: string,
      statement: BankStatement,
      names: readonly string[],
    ): Promise<boolean> {
      const { count } = await tx.query(`insert into ${statements} values ($1, $2) on conflict do nothing`, [
        name,
        encodeJson(statement),
      ])
      if (count === 0) return false
      await insertRows(
        tx,
        statementLinks,
        names.map((each) => [each, name]),
      )
      return true
    },
    async statementsWith(tx: Queryable, names: readonly string[]): Promise<BankStatement[]> {
      const rows = await inPortions<{ content: string; name: string }>(
        tx,
        names,
        (list) =>
          `select name, content from ${statements} where name in (select statement from ${statementLinks} where name in (${list}))`,
      )
      const unique = new Map(rows.map(({ name, content }) => [name, content]))
      return [...unique.values()].map((content) => decodeJson<BankStatement>(content))
    },
    async allStatements(tx: Queryable): Promise<BankStatement[]> {
      const { rows } = await tx.query<{ content: string }>(`select content from ${statements} order by name`)
      return rows.map(({ content }) => decodeJson<BankStatement>(content))
    },

    async addEvent(
      tx: Queryable,
      event: { item: string; action: string; actor: string; note: string; at: number },
    ): Promise<void> {
      const { rows } = await tx.query<{ sequence: number }>(
        `update ${head} set sequence = sequence + 1 where id = 1 returning sequence`,
      )
      const { item, action, actor, note, at } = event
      await tx.query(`insert into ${events} values ($1, $2, $3, $4, $5, $6)`, [
        rows[0]!.sequence,
        item,
        action,
        actor,
        note,
        at,
      ])
    },
    async eventsOf(tx: Queryable, item: string) {
      const { rows } = await tx.query<{ action: string; actor: string; note: string; at: number }>(
        `select action, actor, note, at from ${events} where item = $1 order by sequence`,
        [item],
      )
      return rows.map(({ at, ...event }) => ({ ...event, at: new Date(at) }))
    },
  }
}

function storedItem({ content, stage, reason, candidates, assignee }: ItemRow): StoredItem {
  return {
    item: decodeJson<Item>(content),
    stage,
    reason: reason ?? undefined,
    candidates: candidates === null ? [] : decodeJson<Edge[]>(candidates),
    assignee: assignee ?? undefined,
  }
}

function storedMatches(rows: readonly MatchRow[]): StoredMatch[] {
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, members]) => {
    const { rule, evidence, state, actor } = members[0]!
    const of = (side: string): string[] =>
      members
        .filter((each) => each.side === side)
        .map(({ item }) => item)
        .toSorted()
    return {
      id,
      rule,
      score: scores[rule],
      left: of('left'),
      right: of('right'),
      evidence,
      state,
      actor: actor ?? undefined,
    }
  })
}
