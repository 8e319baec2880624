import type { Queryable } from '@exprsn/core/database'
import { legOf, type Item } from '../items/item.ts'
import { matchId } from '../make-report.ts'
import type { Match, OpenItem } from '../match/edge.ts'
import { matchCertain, matchRest } from '../match/match-leg.ts'
import type { CheckedRules } from '../rules.ts'
import { certainLinks, restLinks } from './item-links.ts'
import type { ReconcileStore, StoredItem } from './reconcile-store.ts'

/** What changed. */
export interface Decided {
  readonly matched: number
  readonly open: number
}

/**
 * Decides about some items again, with all that they could have to do with: first those that share a name, then, for what
 * names did not decide, those that share an amount, a reference or a gateway. The result is that of deciding about everything
 * at once, because what matching compares is always tied by these links.
 */
export async function decideAgain(
  tx: Queryable,
  store: ReconcileStore,
  ids: readonly string[],
  rules: CheckedRules,
): Promise<Decided> {
  const known = new Map<string, StoredItem>()
  const isFree = ({ stage }: StoredItem): boolean => stage === 'certain' || stage === 'rest'
  const named = await closure(tx, store, known, ids, certainLinks, isFree)
  const certain = byLeg(named).map((items) => matchCertain(items, rules))
  const rest = certain.flatMap((each) => each.rest)
  const wereRest = named.filter(({ id }) => known.get(id)!.stage === 'rest')
  const begin = [...new Set([...rest, ...wereRest].map(({ id }) => id))]
  const nowRest = new Set(rest.map(({ id }) => id))
  const nowCertain = new Set(named.map(({ id }) => id).filter((id) => !nowRest.has(id)))
  const related = await closure(tx, store, known, begin, restLinks, (stored) => {
    const { id } = stored.item
    return nowRest.has(id) || nowCertain.has(id) || stored.stage === 'rest'
  })
  const pool = related.filter(({ id }) => !nowCertain.has(id))
  const weighed = byLeg(pool).map((items) => matchRest(items, rules))
  const results = [...certain, ...weighed]
  const affected = new Map([...named, ...pool].map((item) => [item.id, item]))
  const matches = results.flatMap((each) => each.matches)
  const open = results.flatMap((each) => each.open)
  await write(tx, store, { affected, known, nowCertain, matches, open })
  return { matched: matches.length, open: open.length }
}

/** Those that have to be decided about again when items are taken out of matching. */
export async function tiedTo(tx: Queryable, store: ReconcileStore, items: readonly Item[]): Promise<string[]> {
  const own = new Set(items.map(({ id }) => id))
  const named = await store.linked(tx, items.flatMap(certainLinks))
  const related = await store.items(tx, await store.linked(tx, items.flatMap(restLinks)))
  const weighed = related.filter(({ stage }) => stage === 'rest').map(({ item }) => item.id)
  return [...new Set([...named, ...weighed])].filter((id) => !own.has(id))
}

interface Change {
  readonly affected: ReadonlyMap<string, Item>
  readonly known: ReadonlyMap<string, StoredItem>
  readonly nowCertain: ReadonlySet<string>
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
}

/** Writes what is another than before. */
async function write(tx: Queryable, store: ReconcileStore, change: Change): Promise<void> {
  const { affected, known, nowCertain, matches, open } = change
  const before = new Map((await store.matchesOf(tx, [...affected.keys()])).map((match) => [match.id, match]))
  const after = new Map(matches.map((match) => [matchId(match), match]))
  const isSame = (id: string): boolean => {
    const [one, other] = [before.get(id), after.get(id)]
    return one !== undefined && other !== undefined && one.rule === other.rule && one.evidence === other.evidence
  }
  for (const id of before.keys()) if (!isSame(id)) await store.removeMatch(tx, id)
  await store.insertMatches(
    tx,
    [...after].filter(([id]) => !isSame(id)).map(([, match]) => match),
  )
  const openById = new Map(open.map((each) => [each.item, each]))
  for (const id of affected.keys()) {
    const stage = nowCertain.has(id) ? 'certain' : 'rest'
    const found = openById.get(id)
    const old = known.get(id)!
    const isUnchanged =
      old.stage === stage &&
      old.reason === found?.reason &&
      JSON.stringify(old.candidates) === JSON.stringify(found?.candidates ?? [])
    if (!isUnchanged) await store.setItem(tx, id, { stage, reason: found?.reason, candidates: found?.candidates })
  }
}

/** All items that are tied to some, over any number of ties, as far as the filter lets pass. */
async function closure(
  tx: Queryable,
  store: ReconcileStore,
  known: Map<string, StoredItem>,
  begin: readonly string[],
  linksOf: (item: Item) => readonly string[],
  passes: (stored: StoredItem) => boolean,
): Promise<Item[]> {
  const reached = new Map<string, Item>()
  const names = new Set<string>()
  let next = [...begin]
  while (next.length > 0) {
    const missing = next.filter((id) => !known.has(id))
    for (const stored of await store.items(tx, missing)) known.set(stored.item.id, stored)
    const fresh: string[] = []
    for (const id of next) {
      const stored = known.get(id)
      if (stored === undefined || reached.has(id) || !passes(stored)) continue
      reached.set(id, stored.item)
      for (const name of linksOf(stored.item))
        if (!names.has(name)) {
          names.add(name)
          fresh.push(name)
        }
    }
    next = (await store.linked(tx, fresh)).filter((id) => !reached.has(id))
  }
  return [...reached.values()]
}

function byLeg(items: readonly Item[]): Item[][] {
  return (['orders', 'payouts'] as const).map((leg) => items.filter((item) => legOf(item) === leg))
}
