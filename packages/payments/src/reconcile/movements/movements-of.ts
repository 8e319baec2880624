import type { Item } from '../items/item.ts'
import type { Match } from '../match/edge.ts'
import type { Movement } from './movement.ts'

/** The movements behind items and what was matched of them, by day and identifier. The host's own records are left out. */
export function movementsOf(
  items: readonly Item[],
  matches: readonly Pick<Match, 'left' | 'right'>[],
): readonly Movement[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  const arrived = new Map<string, number>()
  const owners = new Map<string, string>()
  for (const { left, right } of matches) {
    const entries = right.map((id) => byId.get(id)).filter((item) => item?.side === 'bank')
    const [gateway] = left.flatMap((id) => byId.get(id)?.gateways ?? [])
    for (const entry of entries) if (gateway !== undefined) owners.set(entry!.id, gateway)
    // What comes in parts has come with the last of them.
    const last = Math.max(...entries.map((entry) => entry!.day))
    if (entries.length > 0) for (const id of left) arrived.set(id, last)
  }
  return items
    .flatMap((item): Movement[] => {
      const { id, side, kind, amount, fee, payout } = item
      if (side === 'ours') return []
      const gateway = side === 'bank' ? owners.get(id) : item.gateways[0]
      const arrivedOn = arrived.get(id)
      return [
        {
          ...{ id, side, gateway, kind, amount, fee, payout, day: dayText(item.day) },
          arrivedOn: side === 'gateway' && arrivedOn !== undefined ? dayText(arrivedOn) : undefined,
        },
      ]
    })
    .toSorted((a, b) => (a.day < b.day || (a.day === b.day && a.id < b.id) ? -1 : 1))
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}
