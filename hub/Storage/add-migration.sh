#!/usr/bin/env bash
# usage: add-migration.sh NAME   writes what has changed in the model as a migration of both databases
set -euo pipefail
name=${1:?usage: add-migration.sh NAME}
cd "$(dirname "$0")/.."
dotnet tool restore > /dev/null
dotnet build -nologo -clp:ErrorsOnly
for provider in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build --context "${provider}HubDbContext" -o "Storage/Migrations/$provider" > /dev/null
done
echo "Migration $name written for SQLite and PostgreSQL; triggers and other hand-written parts go into a migration of their own."
