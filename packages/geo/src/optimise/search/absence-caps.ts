import type { Model } from '../model/model.ts'
import { farnessOf } from './farness-of.ts'

/** What leaving each request out costs at most while a search is hot. */
export type AbsenceCaps = Float64Array

/** Somewhat more than the way there from the nearest start or end and back, or nobody would go there as long as that is spared. */
const ways = 2.2

/** At least that, and per request at least what it costs to serve it by a way of its own. */
export function absenceCapsOf(model: Model, least: number): AbsenceCaps {
  const { nearness, places, requests, tasks } = model
  return farnessOf(model).map((far, request) => {
    const [first, second] = [requests.first[request]!, requests.second[request]!]
    const between = second < 0 ? 0 : nearness[tasks.place[first]! * places + tasks.place[second]!]!
    return Math.max(least, ways * (far + between))
  })
}
