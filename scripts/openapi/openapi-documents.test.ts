import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkOpenApi, readOpenApi, writeOpenApi } from './openapi-documents.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-openapi-'))
  for (const id of ['silent', 'served']) {
    mkdirSync(join(folder, 'packages', id, 'src/http'), { recursive: true })
    writeFileSync(join(folder, 'packages', id, 'package.json'), JSON.stringify({ name: id, version: '0.0.0' }))
  }
  const source = "export const describeOpenApi = async () => ({ paths: { '/a': { get: { tags: ['x'] } } } })\n"
  writeFileSync(join(folder, 'packages/served/src/http/describe-openapi.ts'), source)
})

afterEach(() => rmSync(folder, { recursive: true }))

const committed = 'packages/served/src/http/openapi.json'
const problems = async () => checkOpenApi(await readOpenApi(folder))

describe('the committed OpenAPI documents', () => {
  it('are missing at first, written by fix, and then agree', async () => {
    expect(await problems()).toEqual([`${committed}: missing. "npm run fix" writes it.`])
    expect(await writeOpenApi(folder)).toEqual([committed])
    expect(await problems()).toEqual([])
    expect(await writeOpenApi(folder)).toEqual([])
  })

  it.each([
    ['{"paths":{"/a":{"get":{"tags":["y"]}}}}', '/paths/~1a/get/tags/0'],
    ['{"paths":{"/a":{}}}', '/paths/~1a/get'],
    ['{"paths":{"/a":{"get":{"tags":["x"]}},"/b":{}}}', '/paths/~1b'],
    ['{"paths":{"/a":{"get":{"tags":{"0":"x"}}}}}', '/paths/~1a/get/tags'],
    ['7', '/'],
  ])('%s differs at %s', async (text, pointer) => {
    writeFileSync(join(folder, committed), text)
    expect(await problems()).toEqual([`${committed}: out of date at ${pointer}. "npm run fix" writes it again.`])
  })

  it('agree however they are laid out', async () => {
    await writeOpenApi(folder)
    const compact = JSON.stringify(JSON.parse(readFileSync(join(folder, committed), 'utf8')))
    writeFileSync(join(folder, committed), compact)
    expect(await problems()).toEqual([])
  })
})

describe('this repository', () => {
  it('has up-to-date documents, core among them', async () => {
    const evidence = await readOpenApi()
    expect(evidence.map(({ file }) => file)).toContain('packages/core/src/http/openapi.json')
    expect(checkOpenApi(evidence.filter(({ file }) => file.startsWith('packages/core/')))).toEqual([])
  })
})
