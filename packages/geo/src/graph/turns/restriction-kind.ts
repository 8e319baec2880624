import type { TurnRules } from '../profile/road-profile.ts'
import type { Tags } from '../profile/access.ts'
import { conditionHolds } from './condition.ts'

/** What a restriction does to those whom it binds. */
export type RestrictionKind = 'no' | 'only'

/**
 * What a restriction is to the modes of a profile; undefined where it does not bind them. Conditional ones bind where their
 * condition holds, or may hold.
 *
 * @param at civil time such as `2026-11-23T08:00`; without it every condition on time holds at some time, hence holds
 */
export function restrictionKind({ modes }: TurnRules, tags: Tags, at: string | undefined): RestrictionKind | undefined {
  for (const mode of modes) {
    const kind = conditionalKind(tags, `restriction:${mode}`, at)
    if (kind !== undefined) return kind
  }
  const excepted = (tags.get('except') ?? '').split(';').map((mode) => mode.trim())
  if (modes.some((mode) => excepted.includes(mode))) return undefined
  return conditionalKind(tags, 'restriction', at)
}

function conditionalKind(tags: Tags, key: string, at: string | undefined): RestrictionKind | undefined {
  const plain = kindOf(tags.get(key))
  if (plain !== undefined) return plain
  // `no_left_turn @ (Mo-Fr 07:00-09:00); no_u_turn @ wet`
  for (const rule of (tags.get(`${key}:conditional`) ?? '').split(/;(?![^(]*\))/)) {
    const split = rule.indexOf('@')
    const kind = split < 0 ? undefined : kindOf(rule.slice(0, split).trim())
    if (kind !== undefined && conditionHolds(rule.slice(split + 1), at)) return kind
  }
  return undefined
}

function kindOf(value: string | undefined): RestrictionKind | undefined {
  if (value === undefined || value === 'no_turn_on_red') return undefined
  return value.startsWith('no_') ? 'no' : value.startsWith('only_') ? 'only' : undefined
}
