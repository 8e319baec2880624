let loaded: Promise<typeof import('node:sqlite')> | undefined

/**
 * Node's own SQLite, loaded on the first call.
 *
 * Node 22 announces it with an `ExperimentalWarning` on every thread that imports it; that one line is kept from the
 * host's logs, every other warning passes. The import has to be dynamic: a static one warns before any code runs.
 */
export function loadSqlite(): Promise<typeof import('node:sqlite')> {
  loaded ??= importQuietly()
  return loaded
}

async function importQuietly(): Promise<typeof import('node:sqlite')> {
  const emitWarning = Reflect.get(process, 'emitWarning') as (...parameters: unknown[]) => void
  const quiet = (...parameters: unknown[]): void => {
    if (!announcesSqlite(parameters)) Reflect.apply(emitWarning, process, parameters)
  }
  process.emitWarning = quiet
  try {
    return await import('node:sqlite')
  } finally {
    // Somebody else may have wrapped it meanwhile: their wrapper stays.
    if (Reflect.get(process, 'emitWarning') === quiet) process.emitWarning = emitWarning
  }
}

function announcesSqlite([warning, type]: readonly unknown[]): boolean {
  return type === 'ExperimentalWarning' && String(warning).includes('SQLite')
}
