import { metresBetween } from '../../src/coordinates/index.ts'
import { nodeRule, type NodeRule } from '../../src/graph/profile/node-rule.ts'
import type { RoadProfile } from '../../src/graph/profile/road-profile.ts'
import { wayRule } from '../../src/graph/profile/way-rule.ts'
import { roadFlags } from '../../src/graph/road-class.ts'
import type { ItemNode, OsmItems } from '../osm/osm-items.ts'

/** From one node of a way to the next. */
export interface Segment {
  readonly index: number
  readonly from: number
  readonly to: number
  readonly way: number
  readonly weight: number
  /** Not to be passed through, of itself or because it lies behind such roads. */
  isNoThrough: boolean
}

interface Rule {
  readonly kind: 'no' | 'only'
  /** Ways in the order in which they are gone. */
  readonly ways: readonly number[]
  readonly viaNode: number | undefined
}

/** Where a traveller is, and all that is remembered of how it got there. */
interface State {
  readonly segment: Segment
  /** Restrictions that one is in the midst of: the rule, and which of its ways one is on. */
  readonly rules: readonly (readonly [rule: number, stage: number])[]
  /** A road was entered that may not be passed through. */
  readonly isEnding: boolean
}

/**
 * Travels the raw data node by node and remembers where it came from: slow, simple, and built on nothing of the graph but what
 * a profile says about single ways and nodes. Ways that restrictions name must begin and end at junctions and pass none.
 */
export class NaiveRoads {
  readonly segments: Segment[] = []
  readonly #out = new Map<number, Segment[]>()
  readonly #nodes: Map<number, ItemNode>
  readonly #nodeRules = new Map<number, NodeRule>()
  readonly #degrees = new Map<number, number>()
  readonly #inner = new Set<string>()
  readonly #rules: readonly Rule[]
  readonly #profile: RoadProfile

  constructor(items: OsmItems, profile: RoadProfile, unusable: ReadonlySet<number>) {
    this.#profile = profile
    this.#nodes = new Map(items.nodes.map((node) => [node.id, node]))
    for (const { id, tags } of items.nodes) {
      const rule = nodeRule(profile, new Map(tags))
      if (rule !== undefined) this.#nodeRules.set(id, rule)
    }
    for (const way of items.ways) this.#addWay(way)
    this.#closeEnclaves()
    this.#rules = items.relations.filter(({ id }) => !unusable.has(id)).map((relation) => ruleOf(relation))
  }

  /** What it takes from the start of a segment to the end of each that can be reached, by index. */
  costsFrom(start: Segment): Map<number, number> {
    const best = new Map<string, number>()
    const costs = new Map<number, number>()
    const queue = new Queue()
    const push = (state: State, cost: number): void => {
      const key = keyOf(state)
      if (cost >= (best.get(key) ?? Infinity)) return
      best.set(key, cost)
      queue.push(state, cost)
    }
    push({ segment: start, rules: this.#entered(start, []), isEnding: false }, start.weight)
    for (let top = queue.pop(); top !== undefined; top = queue.pop()) {
      const { state, cost } = top
      if (cost > best.get(keyOf(state))!) continue
      const { index, to } = state.segment
      costs.set(index, Math.min(cost, costs.get(index) ?? Infinity))
      for (const next of this.#out.get(to) ?? []) {
        const turn = this.#turn(state.segment, next)
        const after = turn === undefined ? undefined : this.#after(state, next)
        if (after !== undefined) push(after, cost + turn! + next.weight)
      }
    }
    return costs
  }

  /** What it takes from node to node for those who turn as they like; nodes that nobody gets past are ends. */
  costsFromNode(start: number): Map<number, number> {
    const costs = new Map([[start, 0]])
    for (let isChanged = true; isChanged;) {
      isChanged = false
      for (const { from, to, weight } of this.segments) {
        const cost = (costs.get(from) ?? Infinity) + weight
        const isPassed = from === start || this.#nodeRules.get(from)?.isClosed !== true
        if (!isPassed || cost >= (costs.get(to) ?? Infinity)) continue
        costs.set(to, cost)
        isChanged = true
      }
    }
    return costs
  }

  /** Whether nobody gets past a node. */
  isClosed(node: number): boolean {
    return this.#nodeRules.get(node)?.isClosed === true
  }

  /** Milliseconds to go on with a segment, undefined where that cannot be done. */
  #turn(segment: Segment, next: Segment): number | undefined {
    const node = segment.to
    const rules = this.#profile.turns!
    const isBack = next.to === segment.from && next.way === segment.way && next.index !== segment.index
    const exits = (this.#out.get(node) ?? []).filter((exit) => exit.to !== segment.from || exit.way !== segment.way)
    const isClosed = this.#nodeRules.get(node)?.isClosed === true
    if (isBack) return exits.length === 0 || isClosed ? Math.round(rules.uTurn * 1_000) : undefined
    if (isClosed) return undefined
    const delay = this.#nodeRules.get(node)?.delay ?? 0
    if (this.#degrees.get(node)! < 3) return delay
    const angle = Math.abs(((this.#bearing(next) - this.#bearing(segment) + 540) % 360) - 180)
    return delay + Math.round(rules.angles.find(({ upTo }) => angle <= upTo)!.seconds * 1_000)
  }

  #bearing({ from, to }: Segment): number {
    const [a, b] = [this.#nodes.get(from)!, this.#nodes.get(to)!]
    const scale = Math.cos(((a.latitude + b.latitude) / 2e7) * (Math.PI / 180))
    return (Math.atan2((b.longitude - a.longitude) * scale, b.latitude - a.latitude) * 180) / Math.PI
  }

  #after(state: State, next: Segment): State | undefined {
    if (state.isEnding && !next.isNoThrough) return undefined
    const { segment } = state
    const kept: (readonly [number, number])[] = []
    const isInner = next.way === segment.way && this.#inner.has(`${segment.way}/${segment.to}`)
    for (const [index, stage] of state.rules) {
      const { kind, ways, viaNode } = this.#rules[index]!
      if (isInner) {
        kept.push([index, stage])
        continue
      }
      if (viaNode !== undefined && viaNode !== segment.to) continue
      const isNext = ways[stage + 1] === next.way
      const isLast = stage + 2 === ways.length
      const binds = stage > 0 || viaNode !== undefined
      if (kind === 'only' && !isNext && binds) return undefined
      if (kind === 'no' && isNext && isLast) return undefined
      if (isNext && !isLast) kept.push([index, stage + 1])
    }
    const isEnding = state.isEnding || (next.isNoThrough && !segment.isNoThrough)
    return { segment: next, rules: isInner ? kept : this.#entered(next, kept), isEnding }
  }

  /** With the restrictions that begin on the way of a segment. */
  #entered(segment: Segment, rules: readonly (readonly [number, number])[]): State['rules'] {
    const begun: (readonly [number, number])[] = []
    this.#rules.forEach(({ ways }, index) => {
      if (ways[0] === segment.way) begun.push([index, 0])
    })
    return [...rules, ...begun]
  }

  #addWay({ id, nodes, tags }: OsmItems['ways'][number]): void {
    const rule = wayRule(this.#profile, new Map(tags))
    if (rule === undefined) return
    const isNoThrough = (rule.flags & roadFlags.noThrough) !== 0
    const line = nodes.filter((node, at) => node !== nodes[at - 1])
    line.slice(1, -1).forEach((node) => this.#inner.add(`${id}/${node}`))
    for (let at = 1; at < line.length; at++) {
      const [a, b] = [line[at - 1]!, line[at]!]
      for (const node of [a, b]) this.#degrees.set(node, (this.#degrees.get(node) ?? 0) + 1)
      for (const [from, to, speed] of [
        [a, b, rule.forward],
        [b, a, rule.backward],
      ] as const) {
        if (speed === 0) continue
        const weight = Math.round((this.#metres(from, to) * 3_600) / speed)
        const segment = { index: this.segments.length, from, to, way: id, weight, isNoThrough }
        this.segments.push(segment)
        const out = this.#out.get(from)
        if (out === undefined) this.#out.set(from, [segment])
        else out.push(segment)
      }
    }
  }

  /**
   * What hangs together only over roads that may not be passed through is like them: all but the part that takes the longest to
   * travel of each part of the network.
   */
  #closeEnclaves(): void {
    const open = this.segments.filter(({ isNoThrough }) => !isNoThrough)
    if (open.length === this.segments.length) return
    const whole = this.#parts(this.segments)
    const parts = this.#parts(open)
    const isWithin = (of: ReadonlyMap<string, number>, segment: Segment): boolean =>
      of.get(this.#endOf(segment, 'from')) === of.get(this.#endOf(segment, 'to'))
    const sizes = new Map<number, number>()
    for (const segment of open) {
      const part = parts.get(this.#endOf(segment, 'from'))!
      if (isWithin(parts, segment)) sizes.set(part, (sizes.get(part) ?? 0) + segment.weight)
    }
    const largest = new Map<number, number>()
    for (const [end, part] of parts) {
      const best = largest.get(whole.get(end)!)
      if ((sizes.get(part) ?? 0) > (best === undefined ? 0 : sizes.get(best)!)) largest.set(whole.get(end)!, part)
    }
    for (const segment of open) {
      const end = this.#endOf(segment, 'from')
      const isOfLargest = isWithin(parts, segment) && largest.get(whole.get(end)!) === parts.get(end)
      if (isWithin(whole, segment) && !isOfLargest) segment.isNoThrough = true
    }
  }

  /** Which ends of segments can be reached from each other (Kosaraju): along the segments, then back against them. */
  #parts(segments: readonly Segment[]): Map<string, number> {
    const ahead = new Map<string, string[]>()
    const back = new Map<string, string[]>()
    const add = (to: Map<string, string[]>, from: string, end: string): void => {
      if (to.has(from)) to.get(from)!.push(end)
      else to.set(from, [end])
    }
    for (const segment of segments) {
      const [from, to] = [this.#endOf(segment, 'from'), this.#endOf(segment, 'to')]
      add(ahead, from, to)
      add(back, to, from)
    }
    const visit = (start: string, along: ReadonlyMap<string, string[]>, seen: Set<string>): string[] => {
      const left: string[] = []
      const path = [{ end: start, next: 0 }]
      seen.add(start)
      for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
        const next = along.get(top.end)?.[top.next++]
        if (next === undefined) left.push(path.pop()!.end)
        else if (!seen.has(next)) path.push({ end: seen.add(next) && next, next: 0 })
      }
      return left
    }
    const seen = new Set<string>()
    const order = [...ahead.keys(), ...back.keys()].flatMap((end) => (seen.has(end) ? [] : visit(end, ahead, seen)))
    const parts = new Map<string, number>()
    const taken = new Set<string>()
    for (const end of order.toReversed())
      if (!taken.has(end)) for (const member of visit(end, back, taken)) parts.set(member, taken.size)
    return parts
  }

  /** The node; where nobody gets past it, it is another one for each segment. */
  #endOf({ from, to, way }: Segment, which: 'from' | 'to'): string {
    const [node, other] = which === 'from' ? [from, to] : [to, from]
    return this.isClosed(node) ? `${node} of ${other}/${way}` : `${node}`
  }

  #metres(from: number, to: number): number {
    const [a, b] = [this.#nodes.get(from)!, this.#nodes.get(to)!]
    return metresBetween(a.longitude / 1e7, a.latitude / 1e7, b.longitude / 1e7, b.latitude / 1e7)
  }
}

function ruleOf({ members, tags }: OsmItems['relations'][number]): Rule {
  const role = (wanted: string) => members.filter((member) => member.role === wanted)
  const via = role('via')
  const viaNode = via.find(({ type }) => type === 'node')?.id
  const between = via.filter(({ type }) => type === 'way').map(({ id }) => id)
  const kind = new Map(tags).get('restriction')!.startsWith('no_') ? 'no' : 'only'
  return { kind, viaNode, ways: [role('from')[0]!.id, ...between, role('to')[0]!.id] }
}

function keyOf({ segment, rules, isEnding }: State): string {
  const remembered =
    rules.length === 0
      ? ''
      : rules
          .map((rule) => rule.join(':'))
          .sort()
          .join(' ')
  return `${segment.index} ${isEnding ? '!' : ''}${remembered}`
}

/** A binary heap. */
class Queue {
  readonly #items: { readonly state: State; readonly cost: number }[] = []

  push(state: State, cost: number): void {
    const items = this.#items
    let at = items.push({ state, cost }) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (items[parent]!.cost <= items[at]!.cost) break
      ;[items[parent], items[at]] = [items[at]!, items[parent]!]
      at = parent
    }
  }

  pop(): { readonly state: State; readonly cost: number } | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return top
    items[0] = last
    for (let at = 0; ;) {
      let least = at
      for (const child of [at * 2 + 1, at * 2 + 2])
        if (child < items.length && items[child]!.cost < items[least]!.cost) least = child
      if (least === at) return top
      ;[items[least], items[at]] = [items[at]!, items[least]!]
      at = least
    }
  }
}
