#!/usr/bin/env bash
# Makes the single Initial migration of both databases anew from the model. Nothing is released yet:
# from the first release on, add a migration instead (dotnet ef migrations add NAME --context … -o Storage/Migrations/…).
# The hand-written Guards migration (triggers) stays as it is and runs after Initial.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet tool restore > /dev/null
rm -rf Storage/Migrations/Sqlite Storage/Migrations/Postgres
dotnet build -nologo -clp:ErrorsOnly
for provider in Sqlite Postgres; do
  dotnet ef migrations add Initial --no-build --context "${provider}HubDbContext" -o "Storage/Migrations/$provider" > /dev/null
  folder=Storage/Migrations/$provider
  # A fixed time stamp keeps the order (Initial, Guards) and the diffs small.
  for file in "$folder"/2*_Initial*.cs; do
    stamp=$(basename "$file" | cut -d_ -f1)
    target="$folder/20260101000000_${file##*_}"
    sed "s/${stamp}_Initial/20260101000000_Initial/" "$file" > "$target.new"
    rm "$file"
    mv "$target.new" "$target"
  done
done
echo "Initial migrations written for SQLite and PostgreSQL."
