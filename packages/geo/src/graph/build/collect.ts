import type { OsmBlock, OsmTags, TextPool } from '../../osm/index.ts'
import type { Tags } from '../profile/access.ts'
import { nodeKeys, nodeRule, type NodeRule } from '../profile/node-rule.ts'
import type { RoadProfile } from '../profile/road-profile.ts'
import { wayRule, type WayRule } from '../profile/way-rule.ts'
import type { Restriction } from '../turns/restriction.ts'
import { restrictionOf } from '../turns/restriction.ts'

/** A way that the profile may use. */
export interface RoutableWay {
  readonly id: number
  /** Ids of its nodes; none twice in a row. */
  readonly nodes: Float64Array
  readonly rule: WayRule
  readonly name: string
  readonly reference: string
}

/** What the profile needs of the data. */
export interface Collected {
  readonly ways: readonly RoutableWay[]
  readonly nodeRules: ReadonlyMap<number, NodeRule>
  readonly restrictions: readonly Restriction[]
  /** All nodes of the data, in its order. */
  readonly nodes: readonly NodePlaces[]
}

/** Nodes of a block. */
export interface NodePlaces {
  readonly ids: Float64Array
  readonly longitudes: Int32Array
  readonly latitudes: Int32Array
}

/** Takes from blocks what a profile needs, in whatever order the items come. */
export class Collector implements Collected {
  readonly ways: RoutableWay[] = []
  readonly nodeRules = new Map<number, NodeRule>()
  readonly restrictions: Restriction[] = []
  readonly nodes: NodePlaces[] = []
  readonly #profile: RoadProfile

  constructor(profile: RoadProfile) {
    this.#profile = profile
  }

  add(block: OsmBlock): void {
    const { ids, longitudes, latitudes } = block.nodes
    if (ids.length > 0) this.nodes.push({ ids, longitudes, latitudes })
    this.#addNodeRules(block)
    this.#addWays(block)
    if (this.#profile.turns !== undefined) this.#addRestrictions(block)
  }

  #addNodeRules({ nodes, texts }: OsmBlock): void {
    if (nodes.tags.pairs.length === 0) return
    for (let node = 0; node < nodes.ids.length; node++) {
      const tags = tagsOf(nodes.tags, node, texts, nodeKeys)
      const rule = tags && nodeRule(this.#profile, tags)
      if (rule !== undefined) this.nodeRules.set(nodes.ids[node]!, rule)
    }
  }

  #addWays({ ways, texts }: OsmBlock): void {
    for (let way = 0; way < ways.ids.length; way++) {
      const tags = tagsOf(ways.tags, way, texts, wayKeys)
      const rule = tags && wayRule(this.#profile, tags)
      if (rule === undefined) continue
      const nodes = withoutRepeats(ways.nodes.subarray(ways.first[way], ways.first[way + 1]))
      const [name = '', reference = ''] = [tags!.get('name'), tags!.get('ref')]
      if (nodes.length > 1) this.ways.push({ id: ways.ids[way]!, nodes, rule, name, reference })
    }
  }

  #addRestrictions({ relations, texts }: OsmBlock): void {
    for (let relation = 0; relation < relations.ids.length; relation++) {
      const tags = tagsOf(relations.tags, relation, texts, relationKeys)
      if (tags?.get('type')?.startsWith('restriction') !== true) continue
      const restriction = restrictionOf({ relations, texts }, relation, tags)
      if (restriction !== undefined) this.restrictions.push(restriction)
    }
  }
}

const wayKeys: ReadonlySet<string> = new Set(['highway', 'route'])
const relationKeys: ReadonlySet<string> = new Set(['type'])

/** The tags of an item that has one of the keys. */
function tagsOf({ first, pairs }: OsmTags, item: number, texts: TextPool, keys: ReadonlySet<string>): Tags | undefined {
  const end = first[item + 1]! * 2
  for (let at = first[item]! * 2; at < end; at += 2) {
    if (!keys.has(texts.at(pairs[at]!))) continue
    const tags = new Map<string, string>()
    for (let pair = first[item]! * 2; pair < end; pair += 2)
      tags.set(texts.at(pairs[pair]!), texts.at(pairs[pair + 1]!))
    return tags
  }
  return undefined
}

function withoutRepeats(nodes: Float64Array): Float64Array {
  return nodes.filter((node, index) => index === 0 || node !== nodes[index - 1])
}
