import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { assemble } from '../wasm/assemble.ts'
import { rowsKernel } from '../wasm/kernels.ts'

it('the kernel is what its committed text assembles to', async () => {
  expect(readFileSync(rowsKernel.file, 'utf8')).toBe(await assemble(rowsKernel))
})
