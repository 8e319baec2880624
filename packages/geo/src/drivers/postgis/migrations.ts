import type { MigrationNames, MigrationSet } from '@exprsn/core/database'
import { postgisErrors } from './errors.ts'

/** The table of fences, and PostGIS itself where the role may create extensions. */
export const postgisMigrations: MigrationSet = {
  name: 'geo-fences',
  migrations: [
    {
      id: '001-fences',
      sqlite: () => {
        throw postgisErrors.GEO_POSTGIS_DATABASE({ dialect: 'sqlite' })
      },
      postgres: tables,
    },
  ],
}

/**
 * `area` is what lies inside; of a circle or corridor it is the middle, and `reach` its metres around. `bounds` holds all of
 * it. A removed fence keeps its row without a feature, so that readers of changes hear of it.
 */
function tables(names: MigrationNames): string {
  const fences = names.table('fences')
  return `
create extension if not exists postgis;
create table ${fences} (
  tenant text not null,
  id text not null,
  feature text,
  area geometry(geometry, 4326),
  bounds geometry(geometry, 4326),
  reach double precision not null default 0,
  version bigint not null,
  primary key (tenant, id)
);
create index ${names.index('fences_area')} on ${fences} using gist (area) where reach = 0;
create index ${names.index('fences_bounds')} on ${fences} using gist (bounds);
create index ${names.index('fences_near')} on ${fences} using gist (geography(area)) where reach > 0;
create index ${names.index('fences_version')} on ${fences} (tenant, version);
`
}
