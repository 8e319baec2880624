import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { transposed } from './transposed.ts'

const plain = (table: Float64Array, size: number): Float64Array =>
  Float64Array.from(table, (_, cell) => table[(cell % size) * size + Math.floor(cell / size)]!)

describe('transposed', () => {
  it('exchanges rows and columns, and gives a symmetric table itself', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(63, 64, 65, 130))
    fc.assert(
      fc.property(sizes, fc.boolean(), fc.nat(), (size, isSymmetric, odd) => {
        const table = Float64Array.from({ length: size * size }, (_, cell) => {
          const [row, column] = [Math.floor(cell / size), cell % size]
          return row * column + row + column
        })
        // One cell beside the diagonal that differs is enough.
        const [row, column] = [odd % size, Math.floor(odd / size) % size]
        const differs = !isSymmetric && row !== column
        if (differs) table[row * size + column]! += 0.5
        const other = transposed(table, size)
        expect(other).toEqual(plain(table, size))
        expect(other === table).toBe(!differs)
      }),
    )
  })
})
