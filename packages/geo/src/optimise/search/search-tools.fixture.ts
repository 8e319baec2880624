import { compileProblem } from '../model/compile-problem.ts'
import type { Problem } from '../problem/problem.ts'
import { Timetables } from '../schedule/timetables.ts'
import { FirstPlan } from './first-plan.ts'
import { AnnealKernel } from './kernel/anneal-kernel.ts'
import { neighboursOf } from './neighbours.ts'
import { RandomStream } from './random-stream.ts'
import { Recreate } from './recreate.ts'
import { Ruin } from './ruin.ts'
import { State } from './state.ts'

/** What an annealing of a problem works with, its first plan made. */
export function searchToolsFor(problem: Problem) {
  const model = compileProblem(problem)
  const neighbours = neighboursOf(model)
  const random = new RandomStream(7)
  const state = new State(model, new Timetables(model))
  const recreate = new Recreate(model, random)
  new FirstPlan(state, recreate, neighbours).extend(Infinity)
  state.keep()
  const kernel = AnnealKernel.create(model, neighbours)
  return { state, random, recreate, ruin: new Ruin(model, neighbours, random), kernel }
}
