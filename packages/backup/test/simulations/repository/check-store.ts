import { loadIndex } from '../../../src/repository/index/load-index.ts'
import { listFossils } from '../../../src/repository/prune/fossil-list.ts'
import { mark } from '../../../src/repository/prune/mark.ts'
import { packIdOf } from '../../../src/repository/pack/pack-key.ts'
import { contextOf } from '../../../src/repository/repository-context.ts'
import { repositoryWithKey } from '../../../src/repository/assemble-repository.ts'
import type { World } from './run-seed.ts'

/** What a pruned repository must not hold: sessions, fossils, packs without use, indexes of packs that are gone. */
export async function checkStore({ real, secrets, clock, random }: World): Promise<string[]> {
  const problems: string[] = []
  const keys: string[] = []
  for await (const { key } of real.list()) keys.push(key)
  for (const kind of ['x-exprsn/sessions/', 'locks/'])
    if (keys.some((key) => key.startsWith(kind))) problems.push(`something is left in ${kind}`)
  const repository = repositoryWithKey(secrets, { store: real, clock, random })
  const { files } = await loadIndex(contextOf(repository))
  const indexed = new Set(files.flatMap(({ packs }) => packs.map(({ id }) => id)))
  const fossils = (await listFossils(contextOf(repository))).flatMap(({ packs }) => packs)
  const stored = new Set(keys.map(packIdOf).filter((id) => id !== undefined))
  for (const id of fossils) if (stored.has(id) || indexed.has(id)) problems.push(`the fossil ${id} is left`)
  for (const id of stored) if (!indexed.has(id)) problems.push(`the pack ${id} is in no index`)
  for (const id of indexed) if (!stored.has(id)) problems.push(`the indexed pack ${id} is gone`)
  const { table, neededBytes } = await mark(contextOf(repository))
  for (const [number, pack] of table.packs.entries())
    if (neededBytes[number] === 0) problems.push(`nobody needs the pack ${pack}`)
  return problems
}
