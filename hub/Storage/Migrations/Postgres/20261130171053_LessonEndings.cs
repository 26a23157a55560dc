using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThreeClassrooms.Hub.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class LessonEndings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "JudgeAt",
                table: "Occurrences",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "Occurrences",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "AccountSessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Stamp = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    BeganAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AccountSessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AccountSessions_AspNetUsers_AccountId",
                        column: x => x.AccountId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.DropIndex(
                name: "IX_Occurrences_Phase",
                table: "Occurrences");

            migrationBuilder.CreateIndex(
                name: "IX_Occurrences_Phase_StartsAt",
                table: "Occurrences",
                columns: new[] { "Phase", "StartsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Occurrences_JudgeAt",
                table: "Occurrences",
                column: "JudgeAt",
                filter: "\"JudgeAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AccountSessions_AccountId",
                table: "AccountSessions",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_AccountSessions_EndsAt",
                table: "AccountSessions",
                column: "EndsAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AccountSessions");

            migrationBuilder.DropIndex(
                name: "IX_Occurrences_JudgeAt",
                table: "Occurrences");

            migrationBuilder.DropIndex(
                name: "IX_Occurrences_Phase_StartsAt",
                table: "Occurrences");

            migrationBuilder.CreateIndex(
                name: "IX_Occurrences_Phase",
                table: "Occurrences",
                column: "Phase");

            migrationBuilder.DropColumn(
                name: "JudgeAt",
                table: "Occurrences");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "Occurrences");
        }
    }
}
