import { trackProgress } from '../../progress/progress.ts'
import type { SourceContext, SourceResult } from '../../repository/index.ts'
import { ProblemList } from '../files/problem-list.ts'
import { saveObjects, type SaveObjectsOptions } from './save-objects.ts'

/** Saves the objects of a bucket. */
export async function backUpObjects(
  selected: Pick<SaveObjectsOptions, 'store' | 'prefix' | 'versions' | 'concurrency'>,
  { name, clock, onProgress, signal, session: openSession }: SourceContext,
): Promise<SourceResult> {
  const problems = new ProblemList()
  const progress = trackProgress({ onProgress, clock, phase: 'objects', total: 0 })
  const session = await openSession()
  const saved = await saveObjects({ ...selected, session, problems, onBytes: progress.advance, signal })
  progress.finish()
  return {
    ...saved,
    ...{ paths: [`/${name}`], excludes: [], omitted: [] },
    ...{ problems: problems.first, problemCount: problems.count },
  }
}
