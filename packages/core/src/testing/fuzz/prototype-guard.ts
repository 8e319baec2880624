const guarded: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Map.prototype,
  Set.prototype,
  Uint8Array.prototype,
  Promise.prototype,
]

/** Tells whether built-in prototypes were changed, and puts them back. */
export interface PrototypeGuard {
  /** The names of properties that were added, replaced or removed since the guard was made or last asked. */
  restore(): readonly string[]
}

/** Remembers what the prototypes look like now. */
export function guardPrototypes(): PrototypeGuard {
  const known = guarded.map((prototype) => ({
    prototype,
    keys: Reflect.ownKeys(prototype),
    properties: Object.getOwnPropertyDescriptors(prototype) as Record<PropertyKey, PropertyDescriptor>,
  }))
  return {
    restore: () => known.flatMap(({ prototype, keys, properties }) => restoreOne(prototype, keys, properties)),
  }
}

function restoreOne(
  prototype: object,
  keys: readonly PropertyKey[],
  properties: Record<PropertyKey, PropertyDescriptor>,
): string[] {
  const changed: string[] = []
  const now = Reflect.ownKeys(prototype)
  if (now.length !== keys.length) {
    for (const key of now) {
      if (Object.hasOwn(properties, key)) continue
      changed.push(nameOf(prototype, key))
      Reflect.deleteProperty(prototype, key)
    }
  }
  for (const key of keys) {
    const before = properties[key]!
    const after = Reflect.getOwnPropertyDescriptor(prototype, key)
    if (after !== undefined && after.value === before.value && after.get === before.get && after.set === before.set)
      continue
    changed.push(nameOf(prototype, key))
    Reflect.defineProperty(prototype, key, before)
  }
  return changed
}

function nameOf(prototype: object, key: PropertyKey): string {
  return `${(prototype.constructor as { readonly name?: string }).name ?? 'Object'}.prototype.${String(key)}`
}
