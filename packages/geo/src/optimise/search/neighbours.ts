import type { Model } from '../model/model.ts'
import { smallestFirst } from './smallest-first.ts'

/** More than these a string removal never asks for. */
const mostNeighbours = 600

/** Per task the nearest other tasks, nearest first: those of task t are at `t * width` and after. */
export interface Neighbours {
  readonly width: number
  readonly tasks: Int32Array
}

export function neighboursOf({ tasks, nearness, nearnessInto, places }: Model): Neighbours {
  const { count, place } = tasks
  const width = Math.max(0, Math.min(count - 1, mostNeighbours))
  const list = new Int32Array(count * width)
  // A number holds the distance, cut to 2^-26 of the largest, and behind it the task: sorted as numbers, many times as fast.
  const keys = new Float64Array(Math.max(0, count - 1))
  let farthest = 1e-9
  for (let cell = 0; cell < nearness.length; cell++) {
    const value = nearness[cell]!
    if (value < Infinity && value > farthest) farthest = value
  }
  const scale = 2 ** 25 / farthest
  for (let task = 0; task < count; task++) {
    const from = place[task]!
    let at = 0
    for (let other = 0; other < count; other++) {
      if (other === task) continue
      const to = place[other]!
      const both = nearness[from * places + to]! + nearnessInto[from * places + to]!
      keys[at++] = Math.min(2 ** 27, Math.round(both * scale)) * 2 ** 24 + other
    }
    smallestFirst(keys, width)
    for (let rank = 0; rank < width; rank++) list[task * width + rank] = keys[rank]! % 2 ** 24
  }
  return { width, tasks: list }
}
