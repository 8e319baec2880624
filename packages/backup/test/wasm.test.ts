import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { assemble } from '../wasm/assemble.ts'
import { kernels } from '../wasm/kernels.ts'

it.each(kernels)('$name is what its committed text assembles to', async (kernel) => {
  expect(readFileSync(kernel.file, 'utf8')).toBe(await assemble(kernel))
})
