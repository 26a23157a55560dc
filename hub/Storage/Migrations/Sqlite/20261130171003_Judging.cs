using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThreeClassrooms.Hub.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Judging : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "ReversesId",
                table: "LedgerEntries",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "NeedsDecision",
                table: "Judgements",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "DeviceId",
                table: "EvidenceIntervals",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Heard",
                table: "EvidenceIntervals",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Seen",
                table: "EvidenceIntervals",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "StreamId",
                table: "EvidenceIntervals",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AliveMark",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AliveMark", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Incidents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    From = table.Column<DateTime>(type: "TEXT", nullable: false),
                    To = table.Column<DateTime>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Incidents", x => x.Id);
                    table.CheckConstraint("CK_Incidents_Order", "\"From\" < \"To\"");
                });

            migrationBuilder.CreateTable(
                name: "LessonDecisions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OccurrenceId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Rooms = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    DecidedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    DecidedBy = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LessonDecisions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_LessonDecisions_Occurrences_OccurrenceId",
                        column: x => x.OccurrenceId,
                        principalTable: "Occurrences",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LedgerEntries_ReversesId",
                table: "LedgerEntries",
                column: "ReversesId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Judgements_NeedsDecision",
                table: "Judgements",
                column: "NeedsDecision",
                filter: "\"NeedsDecision\"");

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_To",
                table: "Incidents",
                column: "To");

            migrationBuilder.CreateIndex(
                name: "IX_LessonDecisions_OccurrenceId_At",
                table: "LessonDecisions",
                columns: new[] { "OccurrenceId", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AliveMark");

            migrationBuilder.DropTable(
                name: "Incidents");

            migrationBuilder.DropTable(
                name: "LessonDecisions");

            migrationBuilder.DropIndex(
                name: "IX_LedgerEntries_ReversesId",
                table: "LedgerEntries");

            migrationBuilder.DropIndex(
                name: "IX_Judgements_NeedsDecision",
                table: "Judgements");

            migrationBuilder.DropColumn(
                name: "ReversesId",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "NeedsDecision",
                table: "Judgements");

            migrationBuilder.DropColumn(
                name: "DeviceId",
                table: "EvidenceIntervals");

            migrationBuilder.DropColumn(
                name: "Heard",
                table: "EvidenceIntervals");

            migrationBuilder.DropColumn(
                name: "Seen",
                table: "EvidenceIntervals");

            migrationBuilder.DropColumn(
                name: "StreamId",
                table: "EvidenceIntervals");
        }
    }
}
