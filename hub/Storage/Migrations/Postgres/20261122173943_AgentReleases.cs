using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThreeClassrooms.Hub.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AgentReleases : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AgentReleases",
                columns: table => new
                {
                    Version = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Bytes = table.Column<long>(type: "bigint", nullable: false),
                    Signature = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Origin = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    AddedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    AddedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    WithdrawnAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    WithdrawnBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AgentReleases", x => x.Version);
                    table.CheckConstraint("CK_AgentReleases_Bytes", "\"Bytes\" > 0");
                    table.CheckConstraint("CK_AgentReleases_Withdrawn", "(\"WithdrawnAt\" IS NULL) = (\"WithdrawnBy\" IS NULL)");
                });

            migrationBuilder.CreateTable(
                name: "Rollouts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ReleaseVersion = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    State = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Stage = table.Column<int>(type: "integer", nullable: false),
                    Shares = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    AtOnce = table.Column<int>(type: "integer", nullable: false),
                    Watch = table.Column<long>(type: "bigint", nullable: false),
                    AllowedFrom = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    AllowedUntil = table.Column<TimeOnly>(type: "time without time zone", nullable: true),
                    Scope = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    ScopeNames = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    GoesBack = table.Column<bool>(type: "boolean", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    StartedById = table.Column<Guid>(type: "uuid", nullable: false),
                    StartedBy = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    StoppedFor = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    FinishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Rollouts", x => x.Id);
                    table.CheckConstraint("CK_Rollouts_AtOnce", "\"AtOnce\" BETWEEN 1 AND 200 AND \"Stage\" >= 0");
                    table.CheckConstraint("CK_Rollouts_Finished", "(\"State\" IN ('Stopped', 'Done')) = (\"FinishedAt\" IS NOT NULL)");
                    table.CheckConstraint("CK_Rollouts_Hours", "(\"AllowedFrom\" IS NULL) = (\"AllowedUntil\" IS NULL)");
                    table.CheckConstraint("CK_Rollouts_Stopped", "(\"State\" = 'Stopped') = (\"StoppedFor\" IS NOT NULL)");
                    table.ForeignKey(
                        name: "FK_Rollouts_AgentReleases_ReleaseVersion",
                        column: x => x.ReleaseVersion,
                        principalTable: "AgentReleases",
                        principalColumn: "Version",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "RolloutDevices",
                columns: table => new
                {
                    RolloutId = table.Column<Guid>(type: "uuid", nullable: false),
                    DeviceId = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Stage = table.Column<int>(type: "integer", nullable: false),
                    Place = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    FromVersion = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    CommandId = table.Column<Guid>(type: "uuid", nullable: true),
                    AskedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Tries = table.Column<int>(type: "integer", nullable: false),
                    Excused = table.Column<bool>(type: "boolean", nullable: false),
                    Holds = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RolloutDevices", x => new { x.RolloutId, x.DeviceId });
                    table.CheckConstraint("CK_RolloutDevices_Asked", "\"State\" <> 'Asked' OR \"CommandId\" IS NOT NULL");
                    table.ForeignKey(
                        name: "FK_RolloutDevices_DeviceCommands_CommandId",
                        column: x => x.CommandId,
                        principalTable: "DeviceCommands",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_RolloutDevices_Devices_DeviceId",
                        column: x => x.DeviceId,
                        principalTable: "Devices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_RolloutDevices_Rollouts_RolloutId",
                        column: x => x.RolloutId,
                        principalTable: "Rollouts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AgentReleases_Sha256",
                table: "AgentReleases",
                column: "Sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RolloutDevices_CommandId",
                table: "RolloutDevices",
                column: "CommandId");

            migrationBuilder.CreateIndex(
                name: "UX_RolloutDevices_Held",
                table: "RolloutDevices",
                column: "DeviceId",
                unique: true,
                filter: "\"Holds\"");

            migrationBuilder.CreateIndex(
                name: "IX_Rollouts_ReleaseVersion",
                table: "Rollouts",
                column: "ReleaseVersion");

            migrationBuilder.CreateIndex(
                name: "IX_Rollouts_StartedAt",
                table: "Rollouts",
                column: "StartedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RolloutDevices");

            migrationBuilder.DropTable(
                name: "Rollouts");

            migrationBuilder.DropTable(
                name: "AgentReleases");
        }
    }
}
