import { describe, expect, it } from 'vitest'
import { compileProblem } from '../model/compile-problem.ts'
import { absenceCapsOf } from './absence-caps.ts'

describe('absenceCapsOf', () => {
  const lengths = [
    [0, 1, 100, 40],
    [1, 0, 99, 41],
    [100, 99, 0, 60],
    [40, 41, 60, 0],
  ]
  const vehicles = [{ id: 'van', start: 0, end: 0 }]
  const matrix = { rows: 4, columns: 4, distances: lengths.flat() }

  it('never asks for less than what is told, and for more than the way to a stop that is far and back', () => {
    const stops = [1, 2].map((place) => ({ id: `stop ${place}`, place }))
    const model = compileProblem({ vehicles, stops, matrix, objectives: ['distance'] })
    const [near, far] = absenceCapsOf(model, 10)
    expect(near).toBe(10)
    expect(far).toBeGreaterThan(200)
    expect(far).toBeLessThan(250)
  })

  it('counts the way between the two ends of a shipment', () => {
    const shipments = [{ id: 'parcel', pickup: { place: 1 }, delivery: { place: 2 } }]
    const model = compileProblem({ vehicles, shipments, matrix, objectives: ['distance'] })
    // There, between, and back: 1 + 99 + 100.
    expect(absenceCapsOf(model, 10)[0]).toBeGreaterThan(200)
  })
})
