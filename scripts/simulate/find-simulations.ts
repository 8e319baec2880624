import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Simulation } from '@exprsn/core/testing'
import { TaskFailure } from '../lib/task.ts'

/** A file that a package registered as a simulation by its place: packages/<id>/test/simulations/<name>.ts. */
export interface SimulationFile {
  readonly name: string
  readonly file: string
}

/** Finds the simulations below a folder that has a `packages` folder. */
export function findSimulations(folder: string): SimulationFile[] {
  return globSync('packages/*/test/simulations/*.ts', { cwd: folder })
    .filter((path) => !path.endsWith('.test.ts'))
    .sort()
    .map((path) => ({ name: basename(path, '.ts'), file: join(folder, path) }))
}

/** Loads the export `simulation` of such a file. */
export async function loadSimulation({ name, file }: SimulationFile): Promise<Simulation> {
  const { simulation } = (await import(pathToFileURL(file).href)) as { readonly simulation?: Simulation }
  if (simulation === undefined) throw new TaskFailure(`${file} has no export named "simulation".`)
  if (simulation.name !== name)
    throw new TaskFailure(`${file} calls its simulation "${simulation.name}", not "${name}".`)
  return simulation
}
